import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { formatCount, formatDuration, percentDone } from '../../src/shared/numbers.js';
import type { StudyAction } from '../../src/shared/messages/study-protocol.js';
import { progressOf, type StudyProgress } from '../../src/shared/study/record.js';
import { lastOf, shownValue } from '../../src/shared/study/settings.js';
import { s } from '../strings.js';
import '../ui/menu.js';
import { askPage } from '../ui/page/page-events.js';
import { headerStyles } from '../ui/theme/header-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { styled } from '../ui/theme/styled.js';
import type { StudyModel } from './model/study-model.js';

declare global {
  interface HTMLElementEventMap {
    'study-action': CustomEvent<StudyAction>;
  }
}

const statusWords = {
  running: 'studyRunning',
  finished: 'studyFinished',
  stopped: 'studyStopped',
  interrupted: 'studyInterrupted',
} as const;

/** The head of the page: what the study asks, and how far it is. Asks the page for a `study-action`. */
@customElement('mmoe-study-header')
export class StudyHeader extends LitElement {
  static override readonly styles = [
    sharedStyles,
    headerStyles,
    css`
      .notes {
        margin: 6px 0;
        padding-left: 10px;
        border-left: 2px solid var(--line);
        max-width: 90ch;
        max-height: 12em;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .asks {
        margin-top: 4px;
        max-width: 90ch;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) model!: StudyModel;
  /** Milliseconds since 1970. */
  @state() private now = Date.now();
  private clock: number | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.tick(false);
  }

  override render() {
    const { record, notes, status, canTrain } = this.model.study;
    const progress = progressOf(record, status, this.model.done, Math.max(this.now, Date.now()));
    const isRunning = status === 'running';
    const isMissing = record.total === null || progress.done < record.total;
    const percent = percentDone(progress.share ?? 0);
    return html`<div class="row">
        <h1>${record.name}</h1>
        <span class="pill ${status}">${s(statusWords[status])}</span>
        <span class="dim number">${progressText(progress)}</span>
        <span class="space"></span>
        <div class="actions">
          ${isRunning ? this.button('stop', s('stopStudy')) : nothing}
          ${!isRunning && isMissing && canTrain ? this.button('goOn', s('goOn')) : nothing}
          <mmoe-menu
            big
            label=${s('studyMenu')}
            .items=${this.items()}
            @pick=${({ detail }: CustomEvent<StudyAction>) => askPage(this, 'study-action', detail)}
          ></mmoe-menu>
        </div>
      </div>
      ${record.description === '' ? nothing : html`<p class="asks">${record.description}</p>`}
      ${notes.trim() === '' ? nothing : html`<p class="notes">${notes.trim()}</p>`}
      <p class="facts dim small">${this.facts().join(' · ')}</p>
      <div
        class="bar ${isRunning ? '' : 'done'}"
        role="progressbar"
        aria-label=${s('progress')}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
      >
        <i ${styled({ width: `${(progress.share ?? 0) * 100}%` })}></i>
      </div>`;
  }

  protected override updated(): void {
    this.tick(this.model.study.status === 'running');
  }

  /** The time that is left changes without a message. */
  private tick(on: boolean): void {
    if (on) this.clock ??= window.setInterval(() => (this.now = Date.now()), 1000);
    else if (this.clock !== null) {
      window.clearInterval(this.clock);
      this.clock = null;
    }
  }

  private button(action: StudyAction, label: string) {
    return html`<vscode-button appearance="secondary" @click=${() => askPage(this, 'study-action', action)}
      >${label}</vscode-button
    >`;
  }

  private items() {
    const { record, status } = this.model.study;
    return [
      ...(record.origin.is === 'file' ? [{ value: 'openFile', label: s('openStudyFile') }] : []),
      { value: 'openFolder', label: s('openStudyFolder') },
      { value: 'rename', label: s('renameStudy'), apart: true },
      { value: 'editNotes', label: s('editStudyNotes') },
      { value: 'delete', label: s('deleteStudy'), disabled: status === 'running' },
    ];
  }

  /** What varies, with how many seeds, and what is picked. */
  private facts(): string[] {
    const { record } = this.model.study;
    const { vary, seeds, pick, tune, origin } = record;
    return [
      ...Object.entries(vary).map(([path, values]) => `${lastOf(path)} ${values.map(shownValue).join(', ')}`),
      seeds.data ? `${s('seedsCount', seeds.count)}, ${s('freshData')}` : s('seedsCount', seeds.count),
      ...(pick === null
        ? []
        : [s('picksText', lastOf(pick.setting), pick.values.map(shownValue).join(', '))]),
      ...(tune === null
        ? []
        : [s('tuneText', Object.keys(tune.settings).map(lastOf).join(', '), tune.trials)]),
      origin.is === 'file' ? origin.path : `mmoe paper ${origin.figure}`,
    ];
  }
}

function progressText({ done, total, gone, left }: StudyProgress): string {
  const runs =
    total === null ? s('runsSoFar', formatCount(done)) : s('runsOf', formatCount(done), formatCount(total));
  const time =
    gone === null
      ? []
      : [
          left === null
            ? s('gone', formatDuration(gone))
            : s('goneAboutLeft', formatDuration(gone), formatDuration(left)),
        ];
  return [runs, ...time].join(' · ');
}
