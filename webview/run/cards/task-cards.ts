import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { formatMetric } from '../../../src/shared/numbers.js';
import type { RunContext } from '../../../src/shared/messages/run-protocol.js';
import { membersScore } from '../../../src/shared/run/members.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { styled } from '../../ui/theme/styled.js';
import { taskVariable } from '../../ui/theme/theme.js';
import { standingText } from '../../ui/verdict-text.js';
import type { ShownRun } from '../model/run-feed.js';
import { taskScore, type TaskScore } from '../model/task-score.js';
import { taskFacts } from './task-facts.js';

/** A card for each task that says what it is and how well it does. */
@customElement('mmoe-task-cards')
export class TaskCards extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
        gap: 16px;
        margin: 16px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        border: 1px solid var(--line);
        background: var(--card);
        border-radius: 4px;
        padding: 12px 14px;
        min-width: 0;
        display: flex;
        flex-direction: column;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        align-items: center;
      }
      .dot {
        width: 8px;
        height: 8px;
        border-radius: 4px;
        flex: none;
      }
      h2 {
        font-size: 13px;
        font-weight: 600;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .score {
        align-items: baseline;
        margin-top: auto;
        padding-top: 4px;
      }
      .big {
        font-size: 26px;
        font-weight: 600;
        line-height: 1.4;
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;
  /** How the run stands beside single-task. */
  @property({ attribute: false }) standing: RunContext['standing'] = [];

  override render() {
    const { tasks } = this.run.manifest;
    if (tasks.length === 0) return nothing;
    return html`<ul aria-label=${s('tasks')}>
      ${repeat(
        tasks,
        ({ name }) => name,
        (task, index) => this.card(task, index),
      )}
    </ul>`;
  }

  private card(task: RunTask, index: number) {
    const { history, manifest } = this.run;
    const score = taskScore(task, history, manifest);
    const label = metricLabel(score.metric);
    return html`<li>
      <div>
        <span class="dot" ${styled({ background: taskVariable(index) })}></span>
        <h2>${task.name}</h2>
        <span class="dim small">${taskFacts(task, manifest.data?.rows ?? null)}</span>
        <span class="space"></span>
        <span class="dim small number">${bestText(score)}</span>
      </div>
      <div class="score">
        <span class="big number">${formatMetric(score.validation)}</span>
        <span class="dim"
          >${manifest.data?.rows.validation === 0 ? s('noValidation') : s('validationMetric', label)}</span
        >
        <span class="space"></span>
        ${
          score.test === null
            ? nothing
            : html`<span
                ><span class="number">${formatMetric(score.test)}</span>
                <span class="dim small">${s('testMetric', label)}</span></span
              >`
        }
      </div>
      ${this.members(task)}${this.besideAlone(task)}
    </li>`;
  }

  private besideAlone({ name }: RunTask) {
    const found = this.standing.find(({ task }) => task === name);
    return found === undefined ? nothing : html`<span class="small number">${standingText(found)}</span>`;
  }

  private members(task: RunTask) {
    const score = membersScore(this.run.manifest, task);
    if (score === null) return nothing;
    const { members, ...values } = score;
    const [mean, least, most] = [values.mean, values.least, values.most].map(formatMetric);
    return html`<span class="dim small number">${s('membersScore', members, mean!, least!, most!)}</span>`;
  }
}

/** Returns the epoch of the score, and where the task alone was better at another epoch, how much better. */
function bestText({ epoch, own, validation }: TaskScore): string {
  if (own === null || epoch === null) return '';
  if (own.epoch === epoch || own.value === validation) return s('bestAtEpoch', epoch);
  return `${s('atEpoch', epoch)} · ${s('ownBest', formatMetric(own.value), own.epoch)}`;
}
