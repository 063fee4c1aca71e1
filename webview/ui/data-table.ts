import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { cellText, type TableData } from '../../src/shared/figures/table-data.js';
import { sharedStyles } from './theme/shared-styles.js';

/** The table shows at most this many rows, the last ones; the CSV file has them all. */
const maxRows = 500;

/** The table behind a chart, its rows below each other in a box that scrolls. */
@customElement('mmoe-data-table')
export class DataTable extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      div {
        max-height: 320px;
        overflow: auto;
      }
      table {
        border-collapse: collapse;
        min-width: 100%;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        text-align: right;
        padding: 3px 6px;
        border-bottom: 1px solid var(--grid);
        font-weight: 400;
        white-space: nowrap;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--card);
        color: var(--dim);
        font-size: 11px;
      }
      :is(th, td):first-child {
        text-align: left;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) table: TableData = { columns: [], rows: [] };

  override render() {
    const { columns, rows } = this.table;
    return html`<div tabindex="0" role="region" aria-label=${this.label}>
      <table aria-label=${this.label}>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.slice(-maxRows).map(
            (row) =>
              html`<tr>
                ${row.map((value, index) =>
                  index === 0
                    ? html`<th scope="row">${cellText(value)}</th>`
                    : html`<td>${cellText(value)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
