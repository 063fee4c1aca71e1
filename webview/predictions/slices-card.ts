import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TableData } from '../../src/shared/figures/table-data.js';
import type { Predictions } from '../../src/shared/messages/predictions-protocol.js';
import type { ColumnScores } from '../../src/shared/prediction/report.js';
import { sliceText } from '../../src/shared/prediction/slice-text.js';
import { formatCount, formatMetric, formatValue } from '../../src/shared/numbers.js';
import { mainMetric, metricLabel } from '../../src/shared/task-kinds.js';
import { s } from '../strings.js';
import '../ui/card.js';
import { dropdown } from '../ui/dropdown.js';
import { askPage } from '../ui/page/page-events.js';
import { cardStyles } from '../ui/theme/card-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { groupedTableStyles, tableStyles } from '../ui/theme/table-styles.js';
import type { PredictionsPageState } from './model/predictions-page-state.js';

const words = { missing: s('missingValue'), others: (values: string) => s('otherValues', values) };

/** The card with how good the predictions are for rows that have the same value of a column. */
@customElement('mmoe-slices-card')
export class SlicesCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    tableStyles,
    groupedTableStyles,
    css`
      .scroll {
        max-height: max(300px, calc(100vh - 220px));
      }
    `,
  ];

  @property({ attribute: false }) predictions!: Predictions;
  @property({ attribute: false }) choices!: PredictionsPageState;

  override render() {
    const { predictions, choices } = this;
    const { by = [] } = predictions.report;
    const chosen = by.find(({ column }) => column === choices.by) ?? by[0];
    if (chosen === undefined) return nothing;
    const shown = scoredTasks(chosen);
    const heading = s('howGoodBy', shown.column);
    const choose = (column: string): void => askPage(this, 'remember', { by: column });
    return html`<mmoe-card
      card="slices"
      heading=${heading}
      name="${predictions.title} ${heading}"
      .kept=${choices}
      .table=${() => slicesTable(shown)}
    >
      ${
        by.length === 1
          ? nothing
          : html`<div slot="tools">
              ${dropdown(
                s('scoredBy'),
                by.map(({ column }) => ({ value: column, label: column })),
                shown.column,
                shown.column,
                choose,
              )}
            </div>`
      }
      <div class="scroll" tabindex="0" role="region" aria-label=${heading}>${table(shown, heading)}</div>
      <p class="caption">${s('byCaption')}</p>
    </mmoe-card>`;
  }
}

/** Leaves out the tasks that no slice has a metric of. */
function scoredTasks({ column, slices }: ColumnScores): ColumnScores {
  const isScored = (at: number): boolean => slices.some(({ tasks }) => (tasks[at]?.metrics ?? null) !== null);
  return {
    column,
    slices: slices.map(({ tasks, ...slice }) => ({ ...slice, tasks: tasks.filter((_, at) => isScored(at)) })),
  };
}

function table({ column, slices }: ColumnScores, heading: string) {
  const tasks = slices[0]?.tasks ?? [];
  const hasMeans = (kind: string): boolean => kind !== 'multiclass';
  return html`<table aria-label=${heading}>
    <thead>
      <tr>
        <th scope="col" rowspan="2">${column}</th>
        <th scope="col" rowspan="2">${s('rows')}</th>
        ${tasks.map(
          ({ task, kind }) =>
            html`<th class="group" scope="colgroup" colspan=${hasMeans(kind) ? 3 : 1}>${task}</th>`,
        )}
      </tr>
      <tr>
        ${tasks.map(
          ({ kind }) =>
            html`<th class="edge" scope="col">${metricLabel(mainMetric(kind))}</th>
              ${
                hasMeans(kind)
                  ? html`<th scope="col">${s('meanLabel')}</th>
                      <th scope="col">${s('meanPredicted')}</th>`
                  : nothing
              }`,
        )}
      </tr>
    </thead>
    <tbody>
      ${slices.map(
        ({ of, rows, tasks: scored }) =>
          html`<tr>
            <th scope="row">${sliceText(of, words)}</th>
            <td>${formatCount(rows)}</td>
            ${scored.map(
              ({ kind, metrics, label, predicted }) =>
                html`<td class="edge">${formatMetric(metrics?.[mainMetric(kind)])}</td>
                  ${hasMeans(kind) ? [label, predicted].map(mean) : nothing}`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const mean = (value: number | null) => html`<td>${value === null ? '' : formatValue(value)}</td>`;

const slicesTable = ({ column, slices }: ColumnScores): TableData => ({
  columns: [
    ...[column, 'rows'],
    ...(slices[0]?.tasks ?? []).flatMap(({ task, kind }) => [
      ...[`${task}: rows`, `${task}: ${metricLabel(mainMetric(kind))}`],
      ...[`${task}: mean label`, `${task}: mean prediction`],
    ]),
  ],
  rows: slices.map(({ of, rows, tasks }) => [
    ...[sliceText(of), rows],
    ...tasks.flatMap(({ kind, rows: labelled, metrics, label, predicted }) => [
      ...[labelled, metrics?.[mainMetric(kind)] ?? null, label, predicted],
    ]),
  ]),
});
