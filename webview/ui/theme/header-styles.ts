import { css } from 'lit';

/** The look of a page's head: its title, how far the work is, and what can be done. */
export const headerStyles = css`
  :host {
    position: sticky;
    top: 0;
    z-index: 5;
    background: var(--bg);
    border-bottom: 1px solid var(--line);
    padding: 12px 0 8px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
  }
  h1 {
    font-size: 18px;
    font-weight: 600;
    line-height: 1.3;
    margin: 0;
    overflow-wrap: anywhere;
  }
  .pill {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    border: 1px solid var(--dim);
    border-radius: 9px;
    padding: 0 8px;
    font-size: 11px;
    line-height: 16px;
    color: var(--fg);
    white-space: nowrap;
  }
  .pill::before {
    content: '';
    width: 7px;
    height: 7px;
    border-radius: 4px;
    background: var(--dim);
  }
  .running {
    border-color: var(--vscode-progressBar-background, #0078d4);
    color: var(--vscode-textLink-foreground, var(--fg));
  }
  .running::before {
    background: var(--vscode-progressBar-background, #0078d4);
  }
  .failed {
    border-color: var(--bad);
    color: var(--bad);
  }
  .failed::before {
    background: var(--bad);
  }
  .interrupted {
    border-color: var(--warn);
  }
  .interrupted::before {
    background: var(--warn);
  }
  .actions {
    display: flex;
    gap: 12px;
    align-items: center;
  }
  vscode-button[appearance='secondary'] {
    background: var(--button);
    color: var(--fg);
  }
  .facts {
    margin-top: 4px;
    overflow-wrap: anywhere;
  }
  .bar {
    height: 2px;
    background: var(--grid);
    margin-top: 8px;
    overflow: hidden;
  }
  .bar i {
    display: block;
    height: 2px;
    background: var(--vscode-progressBar-background, #0078d4);
    transition: width 0.3s linear;
  }
  .bar.done i {
    background: var(--dim);
    opacity: 0.5;
  }
`;
