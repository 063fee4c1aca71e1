import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { seedsThatTell, type Gain } from '../../../src/shared/comparison.js';
import { dash, formatChance, formatFixed } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { askPage } from '../../ui/page/page-events.js';
import { toggled } from '../../ui/page/page-state.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import type { CompareModel } from '../model/compare-model.js';
import { chooseOnComparePage, type ComparePageState } from '../model/compare-page-state.js';
import { singleRow, type ComparisonRow } from '../model/comparison-rows.js';
import type { ResultCell } from '../model/results.js';
import { resultColumns, type ResultColumn } from './result-columns.js';
import { resultsTable } from './results-table.js';
import { rowHead, rowHeadStyles } from './row-head.js';
import { runStateText, seedCountText } from './run-state-text.js';
import { tableStyles } from '../../ui/theme/table-styles.js';
import { verdictWord } from '../../ui/verdict-text.js';

declare global {
  interface HTMLElementEventMap {
    /** The folder of the run whose page is to be opened. */
    'open-run': CustomEvent<string>;
  }
}

/** The card with each task's main metric, methods or runs below each other. Asks the page to `open-run`. */
@customElement('mmoe-results-card')
export class ResultsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    cardStyles,
    tableStyles,
    rowHeadStyles,
    css`
      .sort {
        color: inherit;
        padding: 0 2px;
        margin: 0 -2px;
      }
      .sort:hover {
        color: var(--fg);
      }
      .sort::after {
        content: '';
      }
      [aria-sort='ascending'] .sort::after {
        content: ' ↑';
      }
      [aria-sort='descending'] .sort::after {
        content: ' ↓';
      }
      [aria-sort='ascending'] .sort,
      [aria-sort='descending'] .sort {
        color: var(--fg);
      }
      .best {
        font-weight: 700;
      }
      .verdict {
        display: block;
        font-size: 11px;
        color: var(--dim);
      }
      .verdict.told {
        color: var(--fg);
      }
      tbody th.rows {
        text-align: left;
        color: var(--dim);
        padding-top: 10px;
      }
      .opener {
        width: 16px;
        height: 18px;
        color: var(--dim);
        flex: none;
        display: grid;
        place-items: center;
      }
      .opener::before {
        content: '';
        display: inline-block;
        width: 5px;
        height: 5px;
        border: solid currentcolor;
        border-width: 0 1px 1px 0;
        transform: rotate(-45deg);
      }
      .opener[aria-expanded='true']::before {
        transform: rotate(45deg);
      }
      .opener:hover,
      .open:hover {
        color: var(--fg);
      }
      .first-cell {
        display: flex;
        align-items: center;
      }
      th.inner:first-child {
        padding-left: 46px;
      }
      .open {
        color: var(--dim);
        padding: 0 4px;
      }
      .bad {
        color: var(--bad);
      }
    `,
  ];

  @property({ attribute: false }) model!: CompareModel;
  @property({ attribute: false }) choices!: ComparePageState;

  override render() {
    const { model, choices } = this;
    const columns = resultColumns(model);
    return html`<mmoe-card
      card="results"
      heading=${s('results')}
      name="${model.subject.title} ${s('results')}"
      .kept=${choices}
      .table=${model.tasks.length === 0 ? null : () => resultsTable(model)}
    >
      <div class="scroll">
        <table aria-label=${s('results')}>
          <thead>
            ${this.taskRow(columns)}
            <tr>
              ${this.heading('name', s(model.isFolded ? 'method' : 'run'), false)}
              ${model.isFolded ? this.heading('seeds', s('seeds'), false) : html`<th scope="col"></th>`}
              ${columns.map(({ id, label, isFirst }) => this.heading(id, label, isFirst))}
            </tr>
          </thead>
          ${model.groups.map(
            ({ label, rows, names }) =>
              html`<tbody>
                ${
                  label === ''
                    ? nothing
                    : html`<tr>
                        <th scope="rowgroup" class="rows" colspan=${columns.length + 2}>${label}</th>
                      </tr>`
                }
                ${repeat(
                  rows,
                  ({ key }) => key,
                  (row) => this.rows({ ...row, label: names.get(row.key)! }, columns),
                )}
              </tbody>`,
          )}
        </table>
      </div>
      ${this.notes(columns)}
    </mmoe-card>`;
  }

  private taskRow(columns: readonly ResultColumn[]) {
    const { tasks } = this.model;
    if (tasks.length === 0) return nothing;
    return html`<tr>
      <td class="task" colspan="2"></td>
      ${tasks.map(({ name }, index) => {
        const span = columns.filter((column) => column.task === index).length;
        return html`<th scope="colgroup" class="task first" colspan=${span}>${name}</th>`;
      })}
    </tr>`;
  }

  private heading(column: string, label: string, isFirst: boolean) {
    const { sort } = this.choices;
    const isSorted = sort?.column === column;
    const direction = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" class=${isFirst ? 'first' : ''} aria-sort=${direction}>
      <button class="sort" title=${s('sortBy', label)} @click=${() => this.sort(column)}>${label}</button>
    </th>`;
  }

  /** Sorts numbers with the best first, then the worst first, then not at all; names the other way round. */
  private sort(column: string): void {
    const { sort } = this.choices;
    const first = column !== 'name';
    const next =
      sort?.column !== column
        ? { column, descending: first }
        : sort.descending === first
          ? { column, descending: !first }
          : null;
    chooseOnComparePage(this, { sort: next });
  }

  private rows(row: ComparisonRow, columns: readonly ResultColumn[]) {
    const { model, choices } = this;
    const isMethod = model.isFolded && row.runs.length > 1;
    const isOpen = isMethod && choices.opened.includes(row.key);
    const opened = toggled(choices.opened, row.key, !isOpen);
    const cells = model.results.cells.get(row.key) ?? [];
    return html`<tr class=${row.key === choices.lit ? 'lit' : ''}>
        <th scope="row">
          <span class="first-cell">
            ${
              isMethod
                ? html`<button
                    class="opener"
                    aria-expanded=${isOpen}
                    aria-label=${s('showSeeds', row.label)}
                    @click=${() => chooseOnComparePage(this, { opened })}
                  ></button>`
                : nothing
            }
            ${rowHead(this, row, choices)} ${isMethod ? nothing : this.opener(row)}
          </span>
        </th>
        <td class="dim">${model.isFolded ? seedCountText(row) : this.state(row)}</td>
        ${columns.map((column) => this.cell(cells[column.task], column))}
      </tr>
      ${isOpen ? row.runs.map((run) => this.seedRow(singleRow(run, row), columns)) : nothing}`;
  }

  private seedRow(row: ComparisonRow, columns: readonly ResultColumn[]) {
    const cells = this.model.seedResults.cells.get(row.key) ?? [];
    return html`<tr>
      <th scope="row" class="inner dim">${s('seed', row.runs[0]!.manifest.seed)} ${this.opener(row)}</th>
      <td class="dim">${this.state(row)}</td>
      ${columns.map((column) =>
        column.kind === 'best' ? html`<td></td>` : this.cell(cells[column.task], column, true),
      )}
    </tr>`;
  }

  private state({ runs }: ComparisonRow) {
    const [run] = runs;
    return html`<span
      class=${run?.status === 'failed' ? 'bad' : ''}
      title=${run?.manifest.error?.message ?? ''}
      >${run === undefined ? '' : runStateText(run)}</span
    >`;
  }

  private opener({ runs, label }: ComparisonRow) {
    const [run] = runs;
    return html`<button
      class="open"
      title=${s('openRunPage', run!.manifest.name)}
      aria-label=${s('openRunPage', label)}
      @click=${() => askPage(this, 'open-run', run!.folder)}
    >
      ↗
    </button>`;
  }

  private cell(
    cell: ResultCell | undefined,
    { kind, isFirst, marksSplit, decimals }: ResultColumn,
    isInner = false,
  ) {
    const place = isFirst ? 'first' : '';
    if (cell === undefined) return html`<td class=${place}>${dash}</td>`;
    const mark =
      marksSplit && cell.split === 'validation'
        ? html` <span class="dim small">${s('onlyValidation')}</span>`
        : nothing;
    switch (kind) {
      case 'mean':
        return html`<td class="${place} ${cell.isBest && !isInner ? 'best' : ''}">
          ${formatFixed(cell.mean, decimals)}${errorText(cell.sd, decimals)}${mark}
        </td>`;
      case 'best':
        return html`<td class=${place}>${formatFixed(cell.best, decimals)}</td>`;
      case 'gain': {
        const { gain } = cell;
        if (gain === null) return html`<td class=${place}>${dash}</td>`;
        const isTold = gain.verdict === 'better' || gain.verdict === 'worse';
        return html`<td class=${place} title=${gainTitle(gain)}>
          ${formatFixed(gain.mean, decimals, true)}${errorText(gain.standardError, decimals)}
          ${isInner ? nothing : html`<span class="verdict ${isTold ? 'told' : ''}">${verdictWord(gain)}</span>`}
        </td>`;
      }
    }
  }

  private notes(columns: readonly ResultColumn[]) {
    const { results, rows } = this.model;
    const cells = rows.flatMap(({ key }) => results.cells.get(key) ?? []);
    const notes = [
      ...(columns.some(({ marksSplit }) => marksSplit) ? [s('validationNote')] : []),
      ...(cells.some(({ sd }) => sd !== null) ? [s('meanNote')] : []),
      ...(cells.some(({ gain }) => (gain?.standardError ?? null) !== null)
        ? [s('gainNote'), s('verdictNote')]
        : []),
      ...(cells.some(({ isBest }) => isBest) ? [s('bestNote')] : []),
      ...(this.model.groups.length > 1 ? [s('groupsNote')] : []),
    ];
    return notes.length === 0 ? nothing : html`<p class="caption">${notes.join(' ')}</p>`;
  }
}

/** Returns how a difference was judged: `3 seeds, pair by pair, p = 0.140; 5 seeds would probably tell`. */
function gainTitle(gain: Gain): string {
  const told = seedsThatTell(gain);
  const parts = [gain.seeds > 1 ? s('pairsOf', gain.seeds) : s('ofMeans')];
  if (gain.p !== null) parts.push(`p ${formatChance(gain.p)}`);
  return [parts.join(', '), ...(told === null ? [] : [s('wouldTell', told)])].join('; ');
}

const errorText = (error: number | null, decimals: number) =>
  error === null ? nothing : html` <span class="dim small">± ${formatFixed(error, decimals)}</span>`;
