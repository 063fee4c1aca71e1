import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TableData } from '../../src/shared/figures/table-data.js';
import type { Predictions } from '../../src/shared/messages/predictions-protocol.js';
import type { FoundColumn } from '../../src/shared/prediction/report.js';
import { formatCount, formatPercent, formatValue } from '../../src/shared/numbers.js';
import { s } from '../strings.js';
import '../ui/card.js';
import { cardStyles } from '../ui/theme/card-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { tableStyles } from '../ui/theme/table-styles.js';
import type { PredictionsPageState } from './model/predictions-page-state.js';

/** The card with what the model knows nothing of in the rows, by column. */
@customElement('mmoe-found-card')
export class FoundCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    tableStyles,
    css`
      td.text,
      th.text {
        text-align: left;
      }
    `,
  ];

  @property({ attribute: false }) predictions!: Predictions;
  @property({ attribute: false }) choices!: PredictionsPageState;

  override render() {
    const { predictions, choices } = this;
    const { found, rows } = predictions.report;
    return html`<mmoe-card
      card="found"
      heading=${s('notLearned')}
      name="${predictions.title} ${s('notLearned')}"
      .kept=${choices}
      .table=${found.length === 0 ? null : () => foundTable(found)}
    >
      ${
        found.length === 0
          ? html`<p class="dim">${s('nothingNew')}</p>`
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${s('notLearned')}>
              <table aria-label=${s('notLearned')}>
                <thead>
                  <tr>
                    <th scope="col">${s('column')}</th>
                    <th scope="col">${s('missingValues')}</th>
                    <th scope="col">${s('unseenValues')}</th>
                    <th scope="col" class="text">${s('suchAs')}</th>
                    <th scope="col">${s('outsideValues')}</th>
                    <th scope="col" class="text">${s('trainingRange')}</th>
                    <th scope="col" class="text">${s('reaching')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${found.map((column) => row(column, rows))}
                </tbody>
              </table>
            </div>`
      }
    </mmoe-card>`;
  }
}

function row({ name, missing, unseen, examples, outside }: FoundColumn, rows: number) {
  const count = (value: number) =>
    html`<td>
      ${value === 0 ? '' : formatCount(value)}
      ${value === 0 ? nothing : html`<span class="dim small">${formatPercent(value / rows)}</span>`}
    </td>`;
  return html`<tr>
    <th scope="row">${name}</th>
    ${count(missing)} ${count(unseen)}
    <td class="text">${examples.join(', ')}</td>
    ${count(outside?.values ?? 0)}
    <td class="text">
      ${outside === undefined ? '' : `${formatValue(outside.low)} … ${formatValue(outside.high)}`}
    </td>
    <td class="text">${outside === undefined ? '' : reach(outside)}</td>
  </tr>`;
}

const reach = ({ low, high, least, most }: NonNullable<FoundColumn['outside']>): string =>
  [...(least < low ? [formatValue(least)] : []), ...(most > high ? [formatValue(most)] : [])].join(' … ');

const foundTable = (found: readonly FoundColumn[]): TableData => ({
  columns: ['column', 'missing', 'unseen', 'such as', 'outside', 'low', 'high', 'least', 'most'],
  rows: found.map(({ name, missing, unseen, examples, outside }) => [
    ...[name, missing, unseen, examples.join(', ')],
    ...(outside === undefined
      ? [0, null, null, null, null]
      : [outside.values, outside.low, outside.high, outside.least, outside.most]),
  ]),
});
