import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { availableMetrics, curveLabel, lossWeight } from '../../charts/curves/curve-metrics.js';
import '../../charts/curves/curve-tools.js';
import '../../charts/curves/curves-chart.js';
import type { CurvesChart } from '../../charts/curves/curves-chart.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { buildRunCurves, hasLossWeights, runCurvesTable, type RunCurves } from '../model/run-curves.js';
import type { ShownRun } from '../model/run-feed.js';
import type { RunPageState } from '../model/run-page-state.js';

const axes = ['step', 'epoch', 'time'] as const;
const noKey = {};
const key = { main: s('validation'), train: s('train') };

/** The card that shows losses and metrics over training. */
@customElement('mmoe-curves-card')
export class CurvesCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      /* Its width is that of its controls: beside the heading, or else below it. */
      mmoe-curve-tools {
        flex: 1 1 auto;
      }
      .without {
        margin-top: 6px;
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @query('mmoe-curves') private readonly chart!: CurvesChart;
  private curves: RunCurves | null = null;
  private metrics: string[] = [];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('choices')) return;
    const { manifest, history } = this.run;
    const { axis, smoothing } = this.choices;
    this.metrics = [...availableMetrics(manifest.tasks), ...(hasLossWeights(history) ? [lossWeight] : [])];
    const metric = this.metrics.find((name) => name === this.choices.metric) ?? this.metrics[1] ?? 'loss';
    this.curves = buildRunCurves(history, manifest.tasks, { metric, axis, smoothing });
  }

  override render() {
    const { curves, metrics, run, choices } = this;
    const { tasks } = run.manifest;
    if (!curves || tasks.length === 0) return nothing;
    const empty = curves.series.length === 0;
    return html`<mmoe-card
      card="curves"
      heading=${s('curves')}
      name="${run.manifest.name} ${curveLabel(curves.metric)}"
      .kept=${choices}
      .table=${empty ? null : this.table}
      .picture=${this.picture}
    >
      <mmoe-curve-tools
        slot="tools"
        .metrics=${metrics.map((value) => ({ value, label: curveLabel(value) }))}
        .axes=${axes}
        .choices=${{ ...choices, metric: curves.metric }}
      ></mmoe-curve-tools>
      ${empty ? html`<p class="dim empty">${s('firstEpoch')}</p>` : nothing}
      <mmoe-curves
        ?hidden=${empty}
        .curves=${curves}
        .names=${tasks.map(({ name }) => name)}
        .key=${curves.metric === lossWeight ? noKey : key}
        ?log=${choices.log}
      ></mmoe-curves>
      ${
        curves.without.length === 0
          ? nothing
          : html`<p class="dim small without">
              ${curves.without
                .map(({ task }) => s('noMetric', tasks[task]!.name, curveLabel(curves.metric)))
                .join(' · ')}
            </p>`
      }
    </mmoe-card>`;
  }

  private readonly table = () =>
    runCurvesTable(this.curves!, this.run.manifest.tasks, this.choices.smoothing, {
      smoothed: s('smoothed'),
    });
  private readonly picture = () => this.chart.picture();
}
