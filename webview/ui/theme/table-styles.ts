import { css } from 'lit';

/** The look of the compare page's tables. */
export const tableStyles = css`
  /* However many runs there are, the curves below stay near. */
  .scroll {
    max-height: 440px;
    overflow: auto;
    /*
     * A shade at the right edge, where more columns can be scrolled to: the first layer goes with the table
     * and covers it at the end.
     */
    background:
      linear-gradient(to left, var(--card) 40%, transparent) right / 48px 100% no-repeat local,
      linear-gradient(to left, var(--vscode-scrollbar-shadow, transparent), transparent) right / 16px 100%
        no-repeat scroll;
  }
  thead {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--card);
  }
  table {
    border-collapse: separate;
    border-spacing: 0;
    min-width: 100%;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    text-align: right;
    padding: 4px 8px;
    border-bottom: 1px solid var(--grid);
    font-weight: 400;
    white-space: nowrap;
  }
  thead th {
    color: var(--dim);
    font-size: 11px;
    vertical-align: bottom;
  }
  thead .task,
  tr > .task {
    text-align: center;
    color: var(--fg);
    font-weight: 600;
    border-bottom-color: transparent;
    padding-bottom: 0;
  }
  :is(th, td):first-child {
    text-align: left;
    padding-left: 0;
  }
  /* Names stay while the numbers are scrolled below them. */
  tr > th:first-child {
    position: sticky;
    left: 0;
    background: var(--card);
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  .first {
    padding-left: 18px;
  }
`;

/** Of a table with a second line of heads, for groups of columns; `edge`: where a group begins. */
export const groupedTableStyles = css`
  .group {
    text-align: center;
    border-left: 1px solid var(--grid);
  }
  td.edge,
  thead tr + tr > th.edge {
    border-left: 1px solid var(--grid);
  }
  thead tr + tr > th:first-child {
    text-align: right;
    padding-left: 8px;
  }
`;
