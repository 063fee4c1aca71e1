import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TaskPrediction } from '../../../src/shared/prediction/row-messages.js';
import { formatCount, formatMetric, formatPercent } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { styled } from '../../ui/theme/styled.js';
import { taskVariable } from '../../ui/theme/theme.js';
import type { TryRowState } from '../model/try-row-state.js';

const mostClasses = 6;

type Value = TaskPrediction['values'][number];

/** The card with what is predicted for the row, beside what was predicted for it as it was filled in. */
@customElement('mmoe-row-predictions-card')
export class RowPredictionsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .tasks {
        display: grid;
        gap: 14px;
      }
      h3 {
        font-size: 12px;
        font-weight: 600;
        margin: 0 0 2px;
        overflow-wrap: anywhere;
      }
      .value {
        display: grid;
        grid-template-columns: minmax(70px, 1fr) 110px auto;
        gap: 4px 10px;
        align-items: center;
        margin-top: 3px;
      }
      .of {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .track {
        height: 8px;
        border-radius: 2px;
        background: var(--grid);
        overflow: hidden;
      }
      .track i {
        display: block;
        height: 8px;
      }
      .large {
        font-size: 20px;
        font-weight: 600;
      }
      .likeliest {
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) predictions: readonly TaskPrediction[] = [];
  /** Of the row as it was filled in; empty: of none, or nothing has been changed since. */
  @property({ attribute: false }) filledIn: readonly TaskPrediction[] = [];
  @property({ attribute: false }) labels: Readonly<Record<string, string>> = {};
  @property({ attribute: false }) choices!: TryRowState;

  override render() {
    return html`<mmoe-card card="predictions" heading=${s('predictionsOfRow')} .kept=${this.choices}>
      <div class="tasks" aria-live="polite">${this.predictions.map((one, at) => this.task(one, at))}</div>
    </mmoe-card>`;
  }

  private task({ task, kind, values }: TaskPrediction, at: number) {
    const before = this.filledIn.find((one) => one.task === task)?.values ?? [];
    const label = this.labels[task];
    return html`<section aria-label=${task}>
      <h3>${task}</h3>
      ${
        kind === 'multiclass'
          ? this.classes(values, at)
          : html`<div class="value">
              <span class="number large">${formatMetric(values[0]?.value)}${deviation(values[0])}</span>
              ${kind === 'binary' ? track(values[0]?.value ?? 0, at) : html`<span></span>`}
              <span class="dim small number">${said(values[0], before[0])}</span>
            </div>`
      }
      ${label === undefined ? nothing : html`<p class="dim small">${s('itsLabel', label)}</p>`}
      ${
        kind === 'binary' && values[0] !== undefined && values[0].of !== null
          ? html`<p class="dim small">${s('probabilityOf', values[0].of)}</p>`
          : nothing
      }
    </section>`;
  }

  private classes(values: readonly Value[], at: number) {
    const sorted = [...values].sort((one, other) => other.value - one.value);
    const rest = sorted.length - mostClasses;
    return html`${sorted.slice(0, mostClasses).map(
      (value, rank) =>
        html`<div class="value">
          <span class="of ${rank === 0 ? 'likeliest' : ''}" title=${value.of ?? ''}>${value.of}</span>
          ${track(value.value, at)}
          <span class="number small">${formatPercent(value.value)}</span>
        </div>`,
    )}
    ${rest > 0 ? html`<p class="dim small">${s('moreClasses', formatCount(rest))}</p>` : nothing}`;
  }
}

const deviation = (value: Value | undefined) =>
  value === undefined || value.sd === null
    ? nothing
    : html` <span class="dim small">± ${formatMetric(value.sd)}</span>`;

const said = (value: Value | undefined, before: Value | undefined): string =>
  before === undefined || before.value === value?.value ? '' : s('asFilled', formatMetric(before.value));

const track = (share: number, task: number) =>
  html`<div class="track" aria-hidden="true">
    <i ${styled({ width: `${share * 100}%`, background: taskVariable(task) })}></i>
  </div>`;
