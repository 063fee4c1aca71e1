import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatDuration, formatProgress, percentDone } from '../../src/shared/numbers.js';
import { missingRuns } from '../../src/shared/run/comparison-rest.js';
import { overviewOf, type Overview } from '../../src/shared/run/overview.js';
import { runStatuses, type LeftOut, type RunStatus } from '../../src/shared/run/run-manifest.js';
import { s } from '../strings.js';
import { askPage } from '../ui/page/page-events.js';
import '../ui/segment.js';
import { shownSuspicions } from '../ui/shown-suspicions.js';
import { splitText } from '../ui/split-text.js';
import { headerStyles } from '../ui/theme/header-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { styled } from '../ui/theme/styled.js';
import { verdictText } from './verdict-text.js';
import type { CompareModel } from './model/compare-model.js';
import { chooseOnComparePage } from './model/compare-page-state.js';

const countWords = {
  running: 'countTraining',
  queued: 'countQueued',
  finished: 'countFinished',
  stopped: 'countStopped',
  failed: 'countFailed',
  interrupted: 'countInterrupted',
} as const satisfies Record<RunStatus, string>;

declare global {
  interface HTMLElementEventMap {
    'stop-all': CustomEvent<null>;
    'resume-comparison': CustomEvent<null>;
  }
}

/** The results have the verdicts of further groups. */
const mostVerdicts = 4;

/** The head of the page: what is compared, and how far it is. Asks the page to `stop-all` and `resume-comparison`. */
@customElement('mmoe-compare-header')
export class CompareHeader extends LitElement {
  static override readonly styles = [
    sharedStyles,
    headerStyles,
    css`
      .second {
        margin-top: 4px;
      }
      p.second {
        margin-bottom: 0;
      }
      .verdicts {
        margin-top: 12px;
        max-width: 110ch;
        overflow-wrap: anywhere;
      }
      .verdicts p {
        margin: 0 0 4px;
      }
      .notes {
        margin: 12px 0 0;
        max-width: 80ch;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .doubt {
        margin: 12px 0 0;
        padding: 10px 14px;
        border: 1px solid var(--line);
        border-left: 3px solid var(--warn);
        border-radius: 4px;
        background: var(--card);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) model!: CompareModel;

  override render() {
    const { subject, runs, canFold, isFolded } = this.model;
    const overview = overviewOf(runs);
    const { isLive, share, secondsLeft } = overview;
    const percent = percentDone(share);
    const pill = pillOf(overview);
    const progressParts = [
      summary(overview, runs.length),
      ...(isLive && runs.length > 0 ? [formatProgress(share)] : []),
      ...(secondsLeft === null ? [] : [s('aboutLeft', formatDuration(secondsLeft))]),
    ];
    return html`<div class="row">
        <h1>${subject.title}</h1>
        ${runs.length === 0 ? nothing : html`<span class="pill ${pill}">${s(pill)}</span>`}
        <span class="dim number">${progressParts.join(' · ')}</span>
        <span class="space"></span>
        <div class="actions">
          ${
            isLive
              ? html`<vscode-button appearance="secondary" @click=${() => askPage(this, 'stop-all', null)}
                  >${s('stopAll')}</vscode-button
                >`
              : nothing
          }
          ${
            this.missing() > 0
              ? html`<vscode-button
                  appearance="secondary"
                  @click=${() => askPage(this, 'resume-comparison', null)}
                  >${s('resumeComparison')}</vscode-button
                >`
              : nothing
          }
        </div>
      </div>
      <div class="row second">
        <span class="dim small number">${this.facts().join(' · ')}</span>
        <span class="space"></span>
        ${
          canFold
            ? html`<span class="dim small" aria-hidden="true">${s('rowsAre')}</span>
                <mmoe-segment
                  label=${s('rowsAre')}
                  .choices=${[
                    { value: 'method', label: s('byMethod') },
                    { value: 'run', label: s('byRun') },
                  ]}
                  value=${isFolded ? 'method' : 'run'}
                  @choose=${this.onFold}
                ></mmoe-segment>`
            : nothing
        }
      </div>
      ${this.leftOut().map(
        ({ variant, why }) => html`<p class="dim small second">${s('leftOut', variant, why)}</p>`,
      )}
      ${this.notes()}${this.verdicts()}${this.suspicions()}
      <div
        class="bar ${isLive ? '' : 'done'}"
        role="progressbar"
        aria-label=${s('progress')}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
      >
        <i ${styled({ width: `${share * 100}%` })}></i>
      </div>`;
  }

  private readonly onFold = ({ detail }: CustomEvent<string>): void =>
    chooseOnComparePage(this, { folding: detail === 'method' });

  /** Returns how many runs of the comparison are still to be trained, while none is. */
  private missing(): number {
    const { subject, runs } = this.model;
    return subject.comparison === null || runs.length === 0 ? 0 : (missingRuns(runs) ?? 0);
  }

  /** Returns the variants that the comparison goes without. */
  private leftOut(): readonly LeftOut[] {
    const { subject, runs } = this.model;
    return subject.comparison === null ? [] : (runs[0]?.manifest.comparison?.leftOut ?? []);
  }

  /** What people have written of the comparison. */
  private notes() {
    const { subject, runs } = this.model;
    const notes = subject.comparison === null ? '' : (runs[0]?.manifest.comparison?.notes ?? '');
    return notes === '' ? nothing : html`<p class="notes" aria-label=${s('notes')}>${notes}</p>`;
  }

  /** Says what can be told of the methods, of at most so many groups. */
  private verdicts() {
    const { verdicts, groups } = this.model;
    if (verdicts.length === 0) return nothing;
    const shown = verdicts.slice(0, mostVerdicts);
    const left = verdicts.length - shown.length;
    return html`<div class="verdicts">
      ${groups.length > 1 ? html`<p class="dim">${s('groupsSaid', groups.length)}</p>` : nothing}
      ${shown.map((one) => html`<p>${verdictText(one)}</p>`)}
      ${left > 0 ? html`<p class="dim">${s('moreVerdicts', left)}</p>` : nothing}
    </div>`;
  }

  /** Says what makes the metrics doubtful. */
  private suspicions() {
    const found = shownSuspicions(this.model.runs.map(({ manifest }) => manifest));
    if (found.length === 0) return nothing;
    return html`<p class="doubt" role="status">${found.join('\n')}</p>`;
  }

  /** Returns what the data is, where it is the same for all runs. */
  private facts(): string[] {
    const { runs } = this.model;
    const data = runs.flatMap(({ manifest }) => (manifest.data === null ? [] : [manifest.data]));
    const [first] = data;
    if (
      first === undefined ||
      data.some(({ source, rows }) => source !== first.source || rows.train !== first.rows.train)
    )
      return [];
    return [first.source, splitText(first.rows)];
  }
}

/** How urgent a status is: the most urgent one, with the lowest number, stands beside the title. */
const urgency = {
  running: 0,
  queued: 1,
  failed: 2,
  interrupted: 3,
  stopped: 4,
  finished: 5,
} as const satisfies Record<RunStatus, number>;

function pillOf({ counts }: Overview): RunStatus {
  const [first] = [...counts.keys()].sort((a, b) => urgency[a] - urgency[b]);
  return first ?? 'queued';
}

/** Returns `4 runs: 1 training, 3 queued`; empty without runs. */
function summary({ counts }: Overview, total: number): string {
  const parts = runStatuses.flatMap((status) => {
    const count = counts.get(status);
    return count === undefined ? [] : [s(countWords[status], count)];
  });
  if (total === 0) return '';
  if (parts.length === 1) return total === 1 ? s('oneRun') : s('runsCount', total);
  return s('compareSummary', total, parts.join(', '));
}
