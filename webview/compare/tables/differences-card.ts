import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { dash, formatCount, formatShort } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import type { CompareModel } from '../model/compare-model.js';
import type { ComparePageState } from '../model/compare-page-state.js';
import { parametersPath, seedPath, type ComparedValue } from '../../../src/shared/settings/run-settings.js';
import type { ComparisonRow } from '../model/comparison-rows.js';
import { rowHead, rowHeadStyles } from './row-head.js';
import { tableStyles } from '../../ui/theme/table-styles.js';

/** The card with the settings that differ between the experiments; the others are listed on request. */
@customElement('mmoe-differences-card')
export class DifferencesCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    cardStyles,
    tableStyles,
    rowHeadStyles,
    css`
      table {
        min-width: 0;
      }
      th,
      td {
        text-align: left;
        padding-right: 24px;
      }
      :is(th, td).number {
        text-align: right;
      }
      details {
        margin-top: 8px;
      }
      summary {
        cursor: pointer;
        color: var(--dim);
        font-size: 11px;
        width: fit-content;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 2px 16px;
        margin: 8px 0 0;
        font-size: 11px;
        max-height: 240px;
        overflow: auto;
      }
      dt {
        color: var(--dim);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) model!: CompareModel;
  @property({ attribute: false }) choices!: ComparePageState;

  override render() {
    const { model, choices } = this;
    const { paths, same } = model.differing;
    return html`<mmoe-card
      card="differences"
      heading=${s('differences')}
      name="${model.subject.title} ${s('differences')}"
      .kept=${choices}
      .table=${paths.length === 0 ? null : this.table}
    >
      ${
        paths.length > 0
          ? this.settings(paths)
          : html`<p class="dim">${s(model.runs.length === 1 ? 'oneRunOnly' : 'noDifferences')}</p>`
      }
      ${
        same.length === 0
          ? nothing
          : html`<details>
              <summary>${s('sameForAll', same.length)}</summary>
              <dl tabindex="0" aria-label=${s('sameForAll', same.length)}>
                ${same.map(
                  ({ path, value }) =>
                    html`<dt>${path}</dt>
                      <dd>${valueText(path, value)}</dd>`,
                )}
              </dl>
            </details>`
      }
    </mmoe-card>`;
  }

  private settings(paths: readonly string[]) {
    const { rows, isFolded } = this.model;
    const numeric = new Set(paths.filter((path) => this.isNumeric(path)));
    const kindOf = (path: string): string => (numeric.has(path) ? 'number' : '');
    return html`<div class="scroll">
      <table aria-label=${s('differences')}>
        <thead>
          <tr>
            <th scope="col">${s(isFolded ? 'method' : 'run')}</th>
            ${paths.map((path) => html`<th scope="col" title=${path} class=${kindOf(path)}>${path}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${repeat(
            rows,
            ({ key }) => key,
            (row) =>
              html`<tr class=${row.key === this.choices.lit ? 'lit' : ''}>
                <th scope="row">${rowHead(this, row, this.choices)}</th>
                ${paths.map((path) => html`<td class=${kindOf(path)}>${this.cell(row, path)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private cell(row: ComparisonRow, path: string): string {
    const found = this.values(row, path);
    if (path === seedPath && found.length > 1)
      return ranges(found.filter((value) => typeof value === 'number'));
    return found.length === 0 ? dash : found.map((value) => valueText(path, value)).join(', ');
  }

  /** Returns whether a column has numbers only, whose last digits then stand below each other. */
  private isNumeric(path: string): boolean {
    const found = this.model.rows.map((row) => this.values(row, path));
    return (
      found.some((values) => values.length > 0) &&
      found.every((values) => values.length < 2 && typeof (values[0] ?? 0) === 'number')
    );
  }

  /** Returns all values that the row's runs have: several seeds, or parameters that differ after all. */
  private values({ runs }: ComparisonRow, path: string): ComparedValue[] {
    const { values } = this.model.differing;
    return [
      ...new Set(
        runs.map(({ folder }) => values.get(folder)?.get(path)).filter((value) => value !== undefined),
      ),
    ];
  }

  private readonly table = (): TableData => {
    const { rows, isFolded, differing } = this.model;
    return {
      columns: [s(isFolded ? 'method' : 'run'), ...differing.paths],
      rows: rows.map((row) => [
        row.label,
        ...differing.paths.map((path) => {
          const [only, ...others] = this.values(row, path);
          return only === undefined
            ? null
            : others.length > 0 || typeof only === 'boolean'
              ? this.values(row, path).join(' ')
              : only;
        }),
      ]),
    };
  };
}

const valueText = (path: string, value: ComparedValue): string =>
  typeof value !== 'number'
    ? String(value)
    : path === parametersPath
      ? formatCount(value)
      : Number.isInteger(value)
        ? String(value)
        : formatShort(value);

/** Writes numbers as ranges: `1–5`, `1–3, 7`. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const value of [...numbers].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last !== undefined && value === last[1] + 1) last[1] = value;
    else parts.push([value, value]);
  }
  return parts
    .map(([from, to]) => (from === to ? String(from) : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`))
    .join(', ');
}
