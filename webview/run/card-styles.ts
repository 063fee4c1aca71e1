import { css } from 'lit';

/** What the cards of a run share. */
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
    font-size: 11px;
    min-width: 0;
    max-width: 220px;
    height: 22px;
  }
  .caption {
    margin-top: 10px;
    font-size: 11px;
    color: var(--dim);
    line-height: 1.6;
  }
`;
