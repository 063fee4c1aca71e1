import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { RowColumn, RowRemark, RowValues } from '../../../src/shared/prediction/row-messages.js';
import { formatCount, formatValue } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { askPage } from '../../ui/page/page-events.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { chooseOnTryRowPage, type TryRowState } from '../model/try-row-state.js';

declare global {
  interface HTMLElementEventMap {
    /** A value was changed; null: it is missing. */
    'row-value': CustomEvent<{ readonly column: string; readonly value: string | null }>;
  }
}

/** With so many columns there is a box to find them by. */
const columnsToFilter = 10;

/** The card with a field for each column. Asks the page to take a `row-value` at each change. */
@customElement('mmoe-row-form-card')
export class RowFormCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(210px, 1fr));
        gap: 10px 16px;
      }
      label {
        display: flex;
        gap: 8px;
        justify-content: space-between;
        align-items: baseline;
        font-size: 11px;
        color: var(--dim);
        margin-bottom: 2px;
      }
      label .name {
        color: var(--fg);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      label .hint {
        white-space: nowrap;
      }
      input {
        width: 100%;
        font: inherit;
        color: var(--vscode-input-foreground, var(--fg));
        background: var(--vscode-input-background, var(--bg));
        border: 1px solid var(--vscode-input-border, var(--line));
        border-radius: 2px;
        padding: 3px 6px;
      }
      input::placeholder {
        color: var(--vscode-input-placeholderForeground, var(--dim));
        font-style: italic;
      }
      .remarked {
        border-color: var(--warn);
      }
      [aria-invalid='true'] {
        border-color: var(--bad);
      }
      .remark {
        font-size: 11px;
        min-height: 16px;
        color: var(--fg);
        overflow-wrap: anywhere;
      }
      .remark::before {
        content: '● ';
        color: var(--warn);
      }
      .remark.invalid::before {
        color: var(--bad);
      }
      .filter {
        max-width: 220px;
      }
    `,
  ];

  @property({ attribute: false }) columns: readonly RowColumn[] = [];
  @property({ attribute: false }) values: RowValues = {};
  @property({ attribute: false }) remarks: readonly RowRemark[] = [];
  @property({ attribute: false }) choices!: TryRowState;

  override render() {
    const { columns, choices } = this;
    const wanted = choices.filter.trim().toLowerCase();
    const shown = columns.filter(({ name }) => name.toLowerCase().includes(wanted));
    const hasFilter = columns.length >= columnsToFilter;
    return html`<mmoe-card card="form" heading=${s('theRow')} .kept=${choices}>
      <div slot="tools" class="tools">
        ${
          hasFilter
            ? html`<span class="dim small">${s('columnsShown', shown.length, columns.length)}</span>
                <input
                  class="filter"
                  aria-label=${s('filterColumns')}
                  placeholder=${s('filterColumns')}
                  .value=${live(choices.filter)}
                  @input=${(event: InputEvent) =>
                    chooseOnTryRowPage(this, { filter: (event.target as HTMLInputElement).value })}
                />`
            : nothing
        }
      </div>
      <div class="fields">${shown.map((column) => this.field(column))}</div>
    </mmoe-card>`;
  }

  private field(column: RowColumn) {
    const { name } = column;
    const at = this.columns.indexOf(column);
    const remark = this.remarks.find((one) => one.column === name);
    const value = this.values[name] ?? '';
    return html`<div>
      <label for="field-${at}"
        ><span class="name" title=${name}>${name}</span> <span class="hint">${hintOf(column)}</span></label
      >
      <input
        id="field-${at}"
        class=${remark === undefined || remark.is === 'missing' ? '' : 'remarked'}
        list=${column.kind === 'categorical' ? `values-${at}` : nothing}
        inputmode=${column.kind === 'numeric' ? 'decimal' : 'text'}
        autocomplete="off"
        spellcheck="false"
        placeholder=${s('missingValue')}
        aria-describedby="remark-${at}"
        aria-invalid=${remark?.is === 'invalid'}
        .value=${live(value)}
        @input=${(event: InputEvent) => this.changed(name, (event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, column)}
      />
      ${
        column.kind === 'categorical'
          ? html`<datalist id="values-${at}">
              ${column.values.map((one) => html`<option value=${one}></option>`)}
            </datalist>`
          : nothing
      }
      <div id="remark-${at}">
        ${
          remark === undefined || remark.is === 'missing'
            ? nothing
            : html`<span class="remark ${remark.is}">${remarkText(column, remark.is)}</span>`
        }
      </div>
    </div>`;
  }

  private changed(column: string, text: string): void {
    askPage(this, 'row-value', { column, value: text.trim() === '' ? null : text });
  }

  /** Up and down change a number by about a hundredth of the range that it was trained on. */
  private onKey(event: KeyboardEvent, column: RowColumn): void {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction === undefined || column.kind !== 'numeric') return;
    const { low, high } = column;
    const text = (this.values[column.name] ?? '').trim();
    const value = text === '' ? ((low ?? 0) + (high ?? 0)) / 2 : Number(text);
    if (low === undefined || high === undefined || !Number.isFinite(value)) return;
    event.preventDefault();
    const step = stepOf(column, low, high) * (event.shiftKey ? 10 : 1);
    this.changed(column.name, String(Number((value + direction * step).toPrecision(12))));
  }
}

/** Returns a round number, about a hundredth of a range; 1 at the least for whole numbers. */
function stepOf({ type }: RowColumn, low: number, high: number): number {
  const rough = (high - low) / 100;
  const step = rough > 0 ? 10 ** Math.floor(Math.log10(rough)) : 1;
  return /INT/.test(type) ? Math.max(1, step) : step;
}

const isTime = (type: string): boolean => /^(DATE|TIME)/.test(type);

function hintOf(column: RowColumn): string {
  if (column.kind === 'categorical') return s('valuesHint', formatCount(column.count));
  const { low, high, type } = column;
  if (isTime(type)) return type.toLowerCase();
  return low === undefined || high === undefined ? '' : s('rangeHint', formatValue(low), formatValue(high));
}

function remarkText(column: RowColumn, is: RowRemark['is']): string {
  switch (is) {
    case 'missing':
      return s('valueMissing');
    case 'unseen':
      return s('valueUnseen');
    case 'invalid':
      return s('valueInvalid', s(isTime(column.type) ? 'dateWord' : 'numberWord'));
    case 'outside':
      return column.kind === 'numeric'
        ? s('valueOutside', formatValue(column.low), formatValue(column.high))
        : '';
  }
}
