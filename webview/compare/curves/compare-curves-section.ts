import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { availableMetrics } from '../../charts/curves/curve-metrics.js';
import '../../charts/curves/curve-tools.js';
import { s } from '../../strings.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { CompareModel } from '../model/compare-model.js';
import type { ComparePageState } from '../model/compare-page-state.js';
import './compare-curves-card.js';

const axes = ['epoch', 'time'] as const;

/** The part of the page with the curves: what they show, and below it a card for each task. */
@customElement('mmoe-compare-curves')
export class CompareCurvesSection extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
        margin-bottom: 8px;
      }
      h2 {
        font-size: 12px;
        font-weight: 600;
        margin: 0;
      }
      mmoe-curve-tools {
        flex: 1 1 auto;
      }
      .grid {
        display: grid;
        gap: 16px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
      }
    `,
  ];

  @property({ attribute: false }) model!: CompareModel;
  @property({ attribute: false }) choices!: ComparePageState;

  override render() {
    const { model, choices } = this;
    if (model.tasks.length === 0) return nothing;
    const metrics = metricChoices(model.tasks);
    const metric = metrics.some(({ value }) => value === choices.metric) ? choices.metric : 'main';
    return html`<header>
        <h2>${s('compareCurves')}</h2>
        <mmoe-curve-tools
          .metrics=${metrics}
          .axes=${axes}
          .choices=${{ ...choices, metric }}
        ></mmoe-curve-tools>
      </header>
      <div class="grid">
        ${repeat(
          model.tasks,
          ({ name }) => name,
          (task) =>
            html`<mmoe-compare-curves-card
              .model=${model}
              .choices=${choices}
              .task=${task}
              .metric=${metric}
            ></mmoe-compare-curves-card>`,
        )}
      </div>`;
  }
}

/** Returns the choices: first the metric that each task is judged by, then the others that some task has. */
function metricChoices(tasks: readonly RunTask[]): { value: string; label: string }[] {
  const mains = new Set(tasks.map(({ kind }) => mainMetric(kind)));
  const [only] = mains;
  const main = {
    value: 'main',
    label: mains.size === 1 && only !== undefined ? metricLabel(only) : s('mainMetric'),
  };
  const others = availableMetrics(tasks).filter((metric) => mains.size > 1 || metric !== only);
  return [main, ...others.map((value) => ({ value, label: metricLabel(value) }))];
}
