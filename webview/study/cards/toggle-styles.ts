import { css } from 'lit';

/** The look of a button that stays pressed. */
export const toggleStyles = css`
  .toggle {
    border-color: var(--line);
    font-size: 11px;
    line-height: 1.45;
    padding: 1px 8px;
    color: var(--dim);
  }
  .toggle[aria-pressed='true'] {
    background: var(--chosen);
    color: var(--chosen-fg);
  }
`;
