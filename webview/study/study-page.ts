import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { StudyPageToHost } from '../../src/shared/messages/study-protocol.js';
import { axesOf, consideredLines } from '../../src/shared/study/figures/parallel.js';
import { hasGates } from '../../src/shared/study/figures/gates.js';
import { labelPoints } from '../../src/shared/study/paper/label-correlation.js';
import { lastOf } from '../../src/shared/study/settings.js';
import { metricLabel } from '../../src/shared/task-kinds.js';
import { s } from '../strings.js';
import type { Host } from '../ui/page/host.js';
import { Page } from '../ui/page/page.js';
import '../ui/segment.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import './cards/claims-card.js';
import './cards/distribution-card.js';
import './cards/gates-card.js';
import './cards/importance-card.js';
import './cards/labels-card.js';
import './cards/paper-card.js';
import './cards/pareto-card.js';
import './cards/picked-run.js';
import './cards/study-settings-card.js';
import './cards/study-curves-card.js';
import './cards/study-results-card.js';
import { StudyFeed } from './model/study-feed.js';
import { allTasks, buildStudyModel, type StudyModel } from './model/study-model.js';
import { restoreStudyPageState, type StudyPageState } from './model/study-page-state.js';
import './study-header.js';

/** A study: hands each card what it shows. */
@customElement('mmoe-study-page')
export class StudyPage extends Page<StudyPageState> {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        padding: 0 20px 20px;
      }
      .grid {
        display: grid;
        gap: 16px;
        margin-top: 16px;
        grid-template-columns: minmax(0, 1fr);
      }
      .choosers {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 12px;
        align-items: center;
      }
      .empty {
        padding: 40px 0;
        text-align: center;
      }
    `,
  ];

  protected override readonly feed: StudyFeed;
  private model: StudyModel | null = null;
  private modelOf: readonly unknown[] = [];

  constructor(private readonly host: Host<StudyPageToHost>) {
    super(host, restoreStudyPageState);
    this.addEventListener('study-action', ({ detail }) => host.post({ type: 'action', action: detail }));
    this.addEventListener('open-as-run', ({ detail }) => host.post({ type: 'openAsRun', ...detail }));
    this.addEventListener('pick-line', ({ detail }) => this.remember({ picked: detail }));
    this.feed = new StudyFeed({
      ready: () => this.askForAll(),
      dropped: (reason) => this.reportDropped(reason),
      changed: () => this.drawSoon(),
    });
  }

  protected override askForAll(): void {
    this.host.post({ type: 'ready' });
  }

  override render() {
    const { choices } = this;
    const { gone } = this.feed;
    if (gone !== null) return html`<main><p class="empty dim">${s('studyGone', gone)}</p></main>`;
    const model = this.latestModel();
    if (model === null) return nothing;
    const { study, paper } = model;
    const hasTasks = model.tasks.length > 0;
    const picked = choices.picked === null ? undefined : study.lines.get(choices.picked);
    return html`<main>
      <mmoe-study-header .model=${model}></mmoe-study-header>
      ${
        model.combinations.length === 0
          ? html`<p class="empty dim">${emptyText(model)}</p>`
          : html`<div class="grid">
              ${
                paper === null
                  ? nothing
                  : html`<mmoe-claims-card .model=${model} .choices=${choices}></mmoe-claims-card>
                      ${
                        labelPoints(model.combinations).length === 0
                          ? nothing
                          : html`<mmoe-labels-card .model=${model} .choices=${choices}></mmoe-labels-card>`
                      }
                      <mmoe-paper-card .model=${model} .choices=${choices}></mmoe-paper-card>`
              }
              ${hasTasks ? this.cards(model) : nothing}
            </div>`
      }
      ${
        picked === undefined
          ? nothing
          : html`<mmoe-picked-run .line=${picked} ?canTrain=${study.canTrain}></mmoe-picked-run>`
      }
    </main>`;
  }

  /** The cards of what was trained. */
  private cards(model: StudyModel) {
    const { choices } = this;
    return html`${this.choosers(model)}
      <mmoe-study-curves-card .model=${model} .choices=${choices}></mmoe-study-curves-card>
      <mmoe-distribution-card .model=${model} .choices=${choices}></mmoe-distribution-card>
      <mmoe-study-results-card .model=${model} .choices=${choices}></mmoe-study-results-card>
      ${
        hasGates(model.combinations)
          ? html`<mmoe-gates-card .model=${model} .choices=${choices}></mmoe-gates-card>`
          : nothing
      }
      ${
        model.tasks.filter((task) => task !== allTasks).length < 2
          ? nothing
          : html`<mmoe-pareto-card .model=${model} .choices=${choices}></mmoe-pareto-card>`
      }
      ${
        hasSettings(model)
          ? html`<mmoe-study-settings-card .model=${model} .choices=${choices}></mmoe-study-settings-card>
              <mmoe-importance-card .model=${model} .choices=${choices}></mmoe-importance-card>`
          : nothing
      }`;
  }

  /** Which task and metric all cards are about. */
  private choosers({ tasks, metrics, measure }: StudyModel) {
    const taskChoices = tasks.map((task) => ({
      value: task,
      label: task === allTasks ? s('meanOfTasks') : task,
    }));
    return html`<div class="choosers">
      ${
        tasks.length < 2
          ? nothing
          : html`<span class="dim small" aria-hidden="true">${s('studyTask')}</span>
              <mmoe-segment
                label=${s('studyTask')}
                .choices=${taskChoices}
                value=${measure.task ?? allTasks}
                @choose=${({ detail }: CustomEvent<string>) => this.remember({ task: detail })}
              ></mmoe-segment>`
      }
      ${
        metrics.length < 2
          ? nothing
          : html`<span class="dim small" aria-hidden="true">${s('metric')}</span>
              <mmoe-segment
                label=${s('metric')}
                .choices=${metrics.map((value) => ({ value, label: metricLabel(value) }))}
                value=${measure.metric}
                @choose=${({ detail }: CustomEvent<string>) => this.remember({ metric: detail })}
              ></mmoe-segment>`
      }
    </div>`;
  }

  /** The model is made anew only where something that it is made of has changed. */
  private latestModel(): StudyModel | null {
    const { study } = this.feed;
    if (study === null) return null;
    const { task, metric, baseline } = this.choices;
    const made = [study, task, metric, baseline];
    if (this.model === null || made.some((one, i) => one !== this.modelOf[i]))
      [this.model, this.modelOf] = [buildStudyModel(study, this.choices), made];
    return this.model;
  }
}

/** Whether some setting has several values. */
const hasSettings = ({ study }: StudyModel): boolean =>
  axesOf(study.record, consideredLines(study.record, study.lines.values()), []).length > 0;

/** Says why there are no results yet, and what to do. */
function emptyText({ study, done }: StudyModel): string {
  const { record, status } = study;
  if (status !== 'running') return s('noResultsStopped');
  const { pick, planned } = record;
  return pick === null || planned === null
    ? s('noResults')
    : s('noResultsPicking', lastOf(pick.setting), done, planned.length);
}
