import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RowsSet, RunMetrics } from '../../../src/shared/messages/runs-table-protocol.js';
import type { TableRun } from '../../../src/shared/messages/table-run-schema.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { distributionFigure, distributionTable } from '../../../src/shared/study/figures/distribution.js';
import {
  axesOf,
  parallelTable,
  settingFigure,
  type Axis,
} from '../../../src/shared/study/figures/parallel.js';
import { paretoFigure, paretoTable } from '../../../src/shared/study/figures/scatter.js';
import { measureChoices, measureName, type Measure } from '../../../src/shared/study/results.js';
import { metricLabel } from '../../../src/shared/task-kinds.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import '../../charts/figure/parallel-plot.js';
import type { ParallelPlot } from '../../charts/figure/parallel-plot.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { dropdown } from '../../ui/dropdown.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import {
  chartedRuns,
  colouredBy,
  layoutBy,
  layoutInColours,
  setsOf,
  type ChartedRuns,
} from '../model/charted-runs.js';
import { chartKinds, chooseInTable, type ChartKind, type TableState } from '../model/table-state.js';

const kindWords = {
  setting: 'chartSetting',
  distribution: 'chartDistribution',
  tasks: 'chartTasks',
  parallel: 'chartParallel',
} as const satisfies Record<ChartKind, string>;

/** What is drawn, worked out of the runs and of what is chosen. */
interface Chart {
  readonly charted: ChartedRuns;
  readonly sets: ReturnType<typeof setsOf>;
  readonly rows: string;
  readonly tasks: readonly string[];
  readonly metrics: readonly string[];
  readonly measure: Measure;
  /** Without the measure. */
  readonly settings: readonly Axis[];
  readonly axes: readonly Axis[];
  readonly axis: Axis | undefined;
  readonly across: Measure | null;
  readonly up: Measure | null;
}

/**
 * Charts of the table's runs, or of those that are selected: a metric against a setting with bands over seeds, its
 * distribution, a task against another, and all settings side by side. Only runs of the same rows stand together.
 */
@customElement('mmoe-runs-charts')
export class RunsCharts extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      :host {
        display: block;
        margin-top: 10px;
        max-height: 52vh;
        overflow: auto;
      }
      mmoe-card {
        display: block;
      }
    `,
  ];

  @property({ attribute: false }) runs: readonly TableRun[] = [];
  @property({ attribute: false }) paths: readonly string[] = [];
  @property({ attribute: false }) rowSets: readonly RowsSet[] = [];
  @property({ attribute: false }) metrics: ReadonlyMap<string, RunMetrics> = new Map();
  @property({ attribute: false }) choices!: TableState;
  /** The folder of the run that is selected alone; null: none is. */
  @property({ attribute: false }) picked: string | null = null;
  @query('mmoe-figure') private readonly figure!: FigureView | null;
  @query('mmoe-parallel') private readonly parallel!: ParallelPlot | null;
  private chart: Chart | null = null;
  private draw: DrawFigure | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isSame = this.chart !== null && [...changed.keys()].every((name) => name === 'picked');
    if (isSame) return;
    this.chart = chartOf(this);
    this.draw = this.drawing(this.chart);
  }

  override render() {
    const { chart, choices, picked, draw } = this;
    if (chart === null) return nothing;
    const { charted, measure, axes } = chart;
    const kind = choices.chart;
    return html`<mmoe-card
      card="charts"
      heading=${s('charts')}
      name="${s('runsTable')} ${measureName(measure)}"
      .kept=${choices}
      .table=${charted.lines.length === 0 ? null : () => this.tableOf(chart)}
      .picture=${() => (this.parallel ?? this.figure)?.picture() ?? ''}
    >
      <div slot="tools" class="tools">
        <mmoe-segment
          label=${s('charts')}
          .choices=${chartKinds.map((value) => ({ value, label: s(kindWords[value]) }))}
          value=${kind}
          @choose=${({ detail }: CustomEvent<ChartKind>) => chooseInTable(this, { chart: detail })}
        ></mmoe-segment>
        ${this.choosers(chart)}
      </div>
      ${
        kind === 'parallel' && axes.length > 1 && charted.lines.length > 0
          ? html`<mmoe-parallel
              .axes=${axes}
              .lines=${charted.lines}
              .brushes=${choices.brushes}
              .picked=${picked}
            ></mmoe-parallel>`
          : draw === null
            ? html`<p class="dim empty">${s(emptyWords(chart, kind))}</p>`
            : html`<mmoe-figure
                .draw=${draw}
                .picked=${picked}
                label="${s(kindWords[kind])}: ${measureName(measure)}"
              ></mmoe-figure>`
      }
      <p class="caption">${this.caption(chart)}</p>
    </mmoe-card>`;
  }

  private choosers({ sets, rows, tasks, metrics, measure, settings, axis, across, up }: Chart) {
    const { chart: kind } = this.choices;
    const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
    const task = measure.task ?? '';
    return html`${
      sets.length < 2
        ? nothing
        : dropdown(
            s('chartRows'),
            sets.map(({ set }) => ({ value: set.label, label: set.label || s('remainingRows') })),
            rows,
            rows,
            (chartRows) => chooseInTable(this, { chartRows }),
          )
    }
    ${
      kind === 'tasks'
        ? [
            dropdown(s('paretoAcross'), plain(tasks), across?.task ?? '', across?.task ?? '', (chosen) =>
              chooseInTable(this, { across: chosen }),
            ),
            dropdown(s('paretoUp'), plain(tasks), up?.task ?? '', up?.task ?? '', (chosen) =>
              chooseInTable(this, { up: chosen }),
            ),
          ]
        : tasks.length < 2
          ? nothing
          : dropdown(s('studyTask'), plain(tasks), task, task, (chosen) =>
              chooseInTable(this, { chartTask: chosen }),
            )
    }
    ${
      metrics.length < 2
        ? nothing
        : dropdown(
            s('metric'),
            metrics.map((value) => ({ value, label: metricLabel(value) })),
            measure.metric,
            measure.metric,
            (chartMetric) => chooseInTable(this, { chartMetric }),
          )
    }
    ${
      (kind === 'setting' || kind === 'distribution') && settings.length > 1
        ? dropdown(
            s('chartAxis'),
            settings.map(({ name, label }) => ({ value: name, label })),
            axis?.name ?? '',
            axis?.name ?? '',
            (chosen) => chooseInTable(this, { chartSetting: chosen }),
          )
        : nothing
    }`;
  }

  private drawing({ charted, measure, settings, axis, across, up }: Chart): DrawFigure | null {
    if (charted.lines.length === 0) return null;
    switch (this.choices.chart) {
      case 'setting':
        return axis === undefined
          ? null
          : (width, look) =>
              settingFigure(axis, charted.lines, measure, { group: colouredBy(settings, axis), width, look });
      case 'distribution':
        return (width, look) => distributionFigure(layoutBy(axis, charted), measure, 'runs', width, look);
      case 'tasks':
        return across === null || up === null
          ? null
          : (width, look) =>
              paretoFigure(layoutInColours(colouredBy(settings), charted), across, up, width, look);
      case 'parallel':
        return null;
    }
  }

  private tableOf({ charted, measure, settings, axes, axis, across, up }: Chart): TableData {
    if (this.choices.chart === 'distribution')
      return distributionTable(
        layoutBy(axis, charted).facets[0]!.series.map(({ combination }) => combination),
        measure,
      );
    return this.choices.chart === 'tasks' && across !== null && up !== null
      ? paretoTable(layoutInColours(colouredBy(settings), charted), across, up)
      : parallelTable(axes, charted.lines);
  }

  private caption({ charted: { lines, without, beyond }, sets, measure }: Chart): string {
    const { chart: kind } = this.choices;
    return [
      s('chartOf', lines.length, measureName(measure)),
      ...(kind === 'setting' ? [s('chartBands')] : []),
      ...(kind === 'tasks' ? [s('paretoNote')] : []),
      ...(kind === 'parallel' ? [s('chartLines')] : []),
      ...(sets.length > 1 ? [s('chartSameRows', sets.length)] : []),
      ...(without > 0 ? [s('chartWithout', without)] : []),
      ...(beyond > 0 ? [s('chartBeyond', beyond)] : []),
    ].join(' ');
  }
}

/** Says why nothing is drawn. */
function emptyWords({ charted, tasks }: Chart, kind: ChartKind) {
  if (charted.lines.length === 0) return 'chartEmpty';
  return kind === 'tasks' && tasks.length < 2 ? 'chartOneTask' : 'chartNoSetting';
}

function chartOf({ runs, paths, rowSets, metrics, choices }: RunsCharts): Chart {
  const sets = setsOf(runs, rowSets);
  const chosen = sets.find(({ set }) => set.label === choices.chartRows) ?? sets[0];
  const charted = chartedRuns(chosen?.runs ?? [], paths, metrics);
  const { record, lines } = charted;
  const choicesOf = (task: string | undefined) =>
    measureChoices(record, lines, { task, metric: choices.chartMetric });
  const { tasks: found, metrics: offered, measure } = choicesOf(choices.chartTask ?? undefined);
  const tasks = found.filter((task) => task !== null);
  const axes = axesOf(record, lines, [measure]);
  const settings = axes.slice(0, -1);
  const across = choices.across !== null && tasks.includes(choices.across) ? choices.across : tasks[0];
  const other = tasks.find((task) => task !== across);
  const up = choices.up !== null && tasks.includes(choices.up) && choices.up !== across ? choices.up : other;
  const hasTwo = across !== undefined && up !== undefined;
  return {
    ...{ charted, sets, rows: chosen?.set.label ?? '', tasks, metrics: offered, measure, settings, axes },
    axis: settings.find(({ name }) => name === choices.chartSetting) ?? usualAxis(settings, choices.chart),
    across: hasTwo ? choicesOf(across).measure : null,
    up: hasTwo ? choicesOf(up).measure : null,
  };
}

/** A metric is drawn against a number where there is one, and parted by names. */
const usualAxis = (settings: readonly Axis[], kind: ChartKind): Axis | undefined =>
  settings.find(({ values }) => (values === null) === (kind === 'setting')) ?? settings[0];
