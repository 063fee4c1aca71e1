import { css } from 'lit';

/** The look that the cards of both pages share. */
export const cardStyles = css`
  :host {
    min-width: 0;
  }
  mmoe-card {
    height: 100%;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 8px;
    align-items: center;
    justify-content: flex-end;
  }
  .empty {
    padding: 24px 0;
  }
  vscode-dropdown {
    --type-ramp-base-font-size: 11px;
    --type-ramp-base-line-height: 14px;
    --design-unit: 3;
    --input-height: 20;
    background: none;
    min-width: 0;
    max-width: 100%;
    color: var(--dim);
  }
  /* Its list lies over the heads of tables, which stay where they are while the rest is scrolled. */
  vscode-dropdown[open] {
    z-index: 2;
  }
  vscode-dropdown::part(control) {
    height: 20px;
    padding: 0 4px;
    border-color: transparent;
    background: none;
    color: var(--dim);
  }
  vscode-dropdown:hover::part(control) {
    color: var(--fg);
    border-color: var(--line);
  }
  .caption {
    margin-top: 10px;
    font-size: 11px;
    color: var(--dim);
    line-height: 1.6;
  }
`;
