import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Predictions } from '../../src/shared/messages/predictions-protocol.js';
import { formatCount, formatMetric } from '../../src/shared/numbers.js';
import { metricLabel } from '../../src/shared/task-kinds.js';
import { s } from '../strings.js';
import '../ui/card.js';
import { cardStyles } from '../ui/theme/card-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { groupedTableStyles, tableStyles } from '../ui/theme/table-styles.js';
import { scoreTable, scoreTableData, type ScoreTable } from './model/score-table.js';
import type { PredictionsPageState } from './model/predictions-page-state.js';

/** The card that says how good the predictions are, beside the runs' own metrics on their test rows. */
@customElement('mmoe-scores-card')
export class ScoresCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    tableStyles,
    groupedTableStyles,
    css`
      .main > * {
        font-weight: 600;
      }
      .text {
        text-align: left;
      }
      thead tr + tr > th:first-child {
        border-left: 1px solid var(--grid);
      }
    `,
  ];

  @property({ attribute: false }) predictions!: Predictions;
  @property({ attribute: false }) choices!: PredictionsPageState;

  override render() {
    const { predictions, choices } = this;
    const table = scoreTable(predictions, s('theirMean'));
    const names = { new: s('theseRows'), test: s('testRowsOfRuns') };
    return html`<mmoe-card
      card="scores"
      heading=${s('howGood')}
      name="${predictions.title} ${s('howGood')}"
      .kept=${choices}
      .table=${table === null ? null : () => scoreTableData(table, names)}
    >
      ${table === null ? html`<p class="dim">${s('noScores')}</p>` : this.table(table, names)}
      ${this.notes().map((note) => html`<p class="caption">${note}</p>`)}
    </mmoe-card>`;
  }

  private table({ of, groups, lines }: ScoreTable, names: Readonly<Record<'new' | 'test', string>>) {
    const isEdge = (at: number): boolean => at % of.length === 0;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${s('howGood')}>
      <table aria-label=${s('howGood')}>
        <thead>
          <tr>
            <th scope="col" rowspan=${of.length > 1 ? 2 : 1}>${s('studyTask')}</th>
            <th class="text" scope="col" rowspan=${of.length > 1 ? 2 : 1}>${s('metric')}</th>
            ${groups.map(
              ({ rows }) => html`<th class="group" scope="colgroup" colspan=${of.length}>${names[rows]}</th>`,
            )}
          </tr>
          ${
            of.length > 1
              ? html`<tr>
                  ${groups.map(() => of.map((one) => html`<th scope="col">${one}</th>`))}
                </tr>`
              : nothing
          }
        </thead>
        <tbody>
          ${lines.map(
            ({ task, metric, isMain, values }) =>
              html`<tr class=${isMain ? 'main' : ''}>
                <th scope="row">${isMain ? task : html`<span class="hidden-but-read">${task}</span>`}</th>
                <td class="text">${metricLabel(metric)}</td>
                ${values.map(
                  (value, at) => html`<td class=${isEdge(at) ? 'edge' : ''}>${formatMetric(value)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** What is to be known of the metrics. */
  private notes(): string[] {
    const { scores, test, trainedOn, unweighted, condition } = this.predictions.report;
    const isScored = scores.some(({ metrics }) => metrics !== null);
    return [
      ...(isScored && trainedOn ? [s('trainedOn')] : []),
      ...(isScored && unweighted !== null ? [s('countAlike', unweighted)] : []),
      ...(condition === undefined || scores.length === 0 ? [] : conditionNotes(condition)),
      ...scores.flatMap(({ task, why }) => (why === null ? [] : [s('notScored', task, why)])),
      ...(test === null || test.why === null ? [] : [s('noMeanOnTest', test.why)]),
    ];
  }
}

/** What is to be known of the rows that count, where the experiment has a condition. */
function conditionNotes({
  where,
  leftOut,
  why,
}: NonNullable<Predictions['report']['condition']>): readonly string[] {
  if (why !== null) return [s('conditionUnknown', where, why)];
  return leftOut > 0 ? [s('leftOutRows', formatCount(leftOut), where)] : [];
}
