import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { metricLabel } from '../../../src/shared/task-kinds.js';
import '../../charts/curves/curves-chart.js';
import type { CurvesChart } from '../../charts/curves/curves-chart.js';
import { maxLabels } from '../../charts/curves/curves-overlay.js';
import type { Curves } from '../../charts/curves/curves.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { buildCompareCurves, compareCurvesTable, metricOf } from '../model/compare-curves.js';
import type { CompareModel } from '../model/compare-model.js';
import type { ComparePageState } from '../model/compare-page-state.js';

const key = { main: s('keyMean'), seed: s('keySeed') };

/** The card that shows the curves of one task, a line for each method or run. */
@customElement('mmoe-compare-curves-card')
export class CompareCurvesCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .metric {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) model!: CompareModel;
  @property({ attribute: false }) choices!: ComparePageState;
  @property({ attribute: false }) task!: RunTask;
  @property() metric = 'main';
  @query('mmoe-curves') private readonly chart!: CurvesChart;
  private curves: Curves | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('choices');
    const { axis, smoothing } = this.choices;
    const isSame = before !== undefined && before.axis === axis && before.smoothing === smoothing;
    // Which row is lit, and how rows are sorted, leaves the lines as they are.
    const isSameModel = changed.get('model') === undefined || sameLines(changed.get('model')!, this.model);
    if (this.curves && isSame && isSameModel && !changed.has('metric') && !changed.has('task')) return;
    this.curves = buildCompareCurves(this.model.drawn, this.task, { metric: this.metric, axis, smoothing });
  }

  override render() {
    const { model, choices, task, curves } = this;
    if (curves === null) return nothing;
    const metric = metricOf(task, this.metric);
    const names: string[] = [];
    for (const { line, label } of model.rows) names[line] = label;
    const card = `curves ${task.name}`;
    const isEmpty = curves.series.length === 0;
    const lit = model.drawn.find(({ key: its }) => its === choices.lit)?.line ?? null;
    return html`<mmoe-card
      card=${card}
      heading=${task.name}
      name="${model.subject.title} ${task.name} ${metric ?? this.metric}"
      .kept=${choices}
      .table=${isEmpty ? null : this.table}
      .picture=${this.picture}
    >
      <span slot="tools" class="metric dim small">${this.caption(metric)}</span>
      ${isEmpty ? html`<p class="dim empty">${this.emptyText(metric)}</p>` : nothing}
      <mmoe-curves
        ?hidden=${isEmpty}
        .curves=${curves}
        .names=${names}
        palette="runs"
        .lit=${lit}
        .key=${curves.series.some(({ role }) => role === 'seed') ? key : {}}
        ?log=${choices.log}
      ></mmoe-curves>
      ${
        model.drawn.length > maxLabels && lit === null
          ? html`<p class="caption">${s('linesUnnamed')}</p>`
          : nothing
      }
    </mmoe-card>`;
  }

  private caption(metric: string | null): string {
    if (metric === null) return '';
    const isTrain = this.model.drawn.some(({ runs }) => runs.some(({ split }) => split === 'train'));
    return isTrain ? `${metricLabel(metric)} ${s('trainRows')}` : s('validationMetric', metricLabel(metric));
  }

  private emptyText(metric: string | null): string {
    if (metric === null) return s('noMetric', this.task.name, metricLabel(this.metric));
    return s(this.model.drawn.length === 0 ? 'allHidden' : 'firstEpoch');
  }

  private readonly table = () =>
    compareCurvesTable(this.curves!, this.model.drawn, { seedNumber: (seed) => s('seed', seed) });
  private readonly picture = () => this.chart.picture();
}

/** Returns whether both models draw the same lines: of the same runs, folded and hidden alike. */
const sameLines = (one: CompareModel, other: CompareModel): boolean =>
  one.runs === other.runs &&
  one.isFolded === other.isFolded &&
  one.drawn.length === other.drawn.length &&
  one.drawn.every(({ key: its }, index) => its === other.drawn[index]?.key);
