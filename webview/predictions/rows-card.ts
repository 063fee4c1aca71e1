import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Predictions } from '../../src/shared/messages/predictions-protocol.js';
import type { PreviewCell } from '../../src/shared/prediction/report.js';
import { formatCount, formatValue } from '../../src/shared/numbers.js';
import { s } from '../strings.js';
import '../ui/card.js';
import { askPage } from '../ui/page/page-events.js';
import { cardStyles } from '../ui/theme/card-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { tableStyles } from '../ui/theme/table-styles.js';
import type { PredictionsPageState } from './model/predictions-page-state.js';

/** Columns that are drawn; the file has all of them. */
const mostColumns = 60;
const moreRows = 200;

/** The card with the first rows that were written. */
@customElement('mmoe-rows-card')
export class RowsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    tableStyles,
    css`
      .scroll {
        max-height: max(300px, calc(100vh - 220px));
      }
      .text {
        text-align: left;
      }
      td {
        max-width: 280px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .more {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: center;
        margin-top: 10px;
      }
    `,
  ];

  @property({ attribute: false }) predictions!: Predictions;
  @property({ attribute: false }) choices!: PredictionsPageState;

  override render() {
    const { predictions, choices } = this;
    const { preview, rows: all } = predictions.report;
    if (preview === null) return nothing;
    const columns = preview.columns.slice(0, mostColumns);
    const shown = preview.rows.slice(0, choices.shown);
    const isText = columns.map((_, at) => shown.some((row) => typeof row[at] === 'string'));
    return html`<mmoe-card
      card="rows"
      heading=${s('predictedRows')}
      name=${predictions.title}
      .kept=${choices}
      .table=${() => preview}
    >
      <div class="scroll" tabindex="0" role="region" aria-label=${s('predictedRows')}>
        <table aria-label=${s('predictedRows')}>
          <thead>
            <tr>
              <th scope="col">${s('rowNumber')}</th>
              ${columns.map((name, at) => html`<th scope="col" class=${isText[at] ? 'text' : ''}>${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              (row, at) =>
                html`<tr>
                  <th scope="row" class="dim">${formatCount(at + 1)}</th>
                  ${columns.map((_, of) => cell(row[of] ?? null, isText[of] === true))}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="more dim small">
        <span>${s('rowsOf', formatCount(shown.length), formatCount(all))}</span>
        ${
          preview.columns.length > columns.length
            ? html`<span>${s('columnsOf', columns.length, formatCount(preview.columns.length))}</span>`
            : nothing
        }
        ${
          shown.length < preview.rows.length
            ? html`<vscode-button
                appearance="secondary"
                @click=${() => askPage(this, 'remember', { shown: choices.shown + moreRows })}
                >${s('showMoreRows')}</vscode-button
              >`
            : nothing
        }
      </div>
    </mmoe-card>`;
  }
}

const cell = (value: PreviewCell, isText: boolean) =>
  html`<td class=${isText ? 'text' : ''} title=${typeof value === 'string' ? value : nothing}>
    ${typeof value === 'number' ? formatValue(value) : (value ?? '')}
  </td>`;
