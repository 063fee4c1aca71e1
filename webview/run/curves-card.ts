import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../charts/curves-chart.js';
import type { CurvesChart } from '../charts/curves-chart.js';
import { availableMetrics, buildCurves, curvesTable, metricLabel, type Axis, type Curves } from '../charts/curves-data.js';
import { s } from '../strings.js';
import '../ui/card.js';
import '../ui/segment.js';
import { quietButton, shared } from '../ui/styles.js';
import { chooseState } from './card-events.js';
import { cardStyles } from './card-styles.js';
import type { PageState } from './page-state.js';
import type { RunView } from './run-feed.js';

/** Losses and metrics over training. */
@customElement('mmoe-curves-card')
export class CurvesCard extends LitElement {
  static override readonly styles = [
    shared,
    quietButton,
    cardStyles,
    css`
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      input {
        appearance: none;
        width: 52px;
        height: 14px;
        margin: 0;
        background: linear-gradient(var(--dim), var(--dim)) center / 100% 1px no-repeat;
        cursor: pointer;
      }
      input::-webkit-slider-thumb {
        appearance: none;
        width: 9px;
        height: 9px;
        border-radius: 5px;
        background: var(--dim);
      }
      input:hover::-webkit-slider-thumb,
      input:focus-visible::-webkit-slider-thumb {
        background: var(--fg);
      }
      .log {
        border-color: var(--line);
        font-size: 11px;
        line-height: 1.45;
        padding: 1px 8px;
        color: var(--dim);
      }
      .log[aria-pressed='true'] {
        background: var(--chosen);
        color: var(--chosen-fg);
      }
      .looks {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 8px;
        align-items: center;
      }
      /* As wide as its controls: beside the heading, or else below it. */
      .tools {
        flex: 1 1 auto;
        justify-content: flex-start;
      }
      .without {
        margin-top: 6px;
      }
    `,
  ];

  @property({ attribute: false }) view!: RunView;
  @property({ attribute: false }) choices!: PageState;
  @query('mmoe-curves') private readonly chart!: CurvesChart;
  private curves: Curves | null = null;
  private metrics: string[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view') && !changed.has('choices')) return;
    const { manifest, history } = this.view;
    const { axis, smoothing } = this.choices;
    this.metrics = availableMetrics(manifest.tasks);
    const metric = this.metrics.find((name) => name === this.choices.metric) ?? this.metrics[1] ?? 'loss';
    this.curves = buildCurves(history, manifest.tasks, { metric, axis, smoothing });
  }

  override render() {
    const { curves, metrics, view, choices } = this;
    const { tasks } = view.manifest;
    if (!curves || tasks.length === 0) return nothing;
    const empty = curves.series.length === 0;
    return html`<mmoe-card
      heading=${s('curves')}
      name="${view.manifest.name} ${metricLabel(curves.metric)}"
      ?folded=${choices.folded.includes('curves')}
      ?tabled=${choices.tabled.includes('curves')}
      .table=${empty ? null : this.table}
      .picture=${this.picture}
      data-card="curves"
    >
      <div slot="tools" class="tools">${this.tools(metrics, curves)}</div>
      ${empty ? html`<p class="dim empty">${s('firstEpoch')}</p>` : nothing}
      <mmoe-curves ?hidden=${empty} .curves=${curves} .names=${tasks.map(({ name }) => name)} ?log=${choices.log}></mmoe-curves>
      ${
        curves.without.length === 0
          ? nothing
          : html`<p class="dim small without">
              ${curves.without.map(({ task }) => s('noMetric', tasks[task]!.name, metricLabel(curves.metric))).join(' · ')}
            </p>`
      }
    </mmoe-card>`;
  }

  private tools(metrics: readonly string[], { metric }: Curves) {
    const { axis, smoothing, log } = this.choices;
    return html`<mmoe-segment
        label=${s('metric')}
        .choices=${metrics.map((value) => ({ value, label: metricLabel(value) }))}
        value=${metric}
        @choose=${(event: CustomEvent<string>) => chooseState(this, { metric: event.detail })}
      ></mmoe-segment>
      <span class="space"></span>
      <div class="looks">
        <label class="dim small"
          >${s('smoothing')}
          <input
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            .value=${String(smoothing)}
            @input=${(event: InputEvent) => chooseState(this, { smoothing: Number((event.target as HTMLInputElement).value) })}
          />
        </label>
        <mmoe-segment
          label=${s('axis')}
          .choices=${(['step', 'epoch', 'time'] as const).map((value) => ({ value, label: s(value) }))}
          value=${axis}
          @choose=${(event: CustomEvent<Axis>) => chooseState(this, { axis: event.detail })}
        ></mmoe-segment>
        <button class="log" aria-pressed=${log} title=${s('logAxis')} @click=${() => chooseState(this, { log: !log })}>${s('log')}</button>
      </div>`;
  }

  private readonly table = () => curvesTable(this.curves!, this.view.manifest.tasks, this.choices.smoothing, { smoothed: s('smoothed') });
  private readonly picture = () => this.chart.picture();
}
