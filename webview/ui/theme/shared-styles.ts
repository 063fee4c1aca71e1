import { css } from 'lit';

/** The look that all components share. The colours are the variables that theme.ts sets on the root. */
export const sharedStyles = css`
  :host {
    display: block;
    color: var(--fg);
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  .dim {
    color: var(--dim);
  }
  .small {
    font-size: 11px;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .space {
    flex: 1;
  }
  .hidden-but-read {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder, #0078d4);
    outline-offset: 1px;
  }
  p {
    margin: 0;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;

/** The look of quiet buttons inside cards and segments. */
export const quietButton = css`
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 1px solid transparent;
    border-radius: 3px;
    padding: 0;
    cursor: pointer;
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
`;
