import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { runStatuses, type LeftOut, type RunStatus } from '../../src/shared/run.js';
import { s } from '../strings.js';
import { headerStyles } from '../ui/theme/header-styles.js';
import { formatCount, formatDuration, formatProgress, percentDone } from '../../src/shared/numbers.js';
import '../ui/segment.js';
import { styled } from '../ui/theme/styled.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { choose } from './choose.js';
import type { CompareModel } from './model/compare-model.js';
import { overviewOf, type Overview } from './model/overview.js';

const countWords = {
  running: 'countTraining',
  queued: 'countQueued',
  finished: 'countFinished',
  stopped: 'countStopped',
  failed: 'countFailed',
  interrupted: 'countInterrupted',
} as const satisfies Record<RunStatus, string>;

/** What is compared, and how far it is. Emits `stop-all`. */
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
    `,
  ];

  @property({ attribute: false }) model!: CompareModel;

  override render() {
    const { subject, runs, canFold, isFolded } = this.model;
    const overview = overviewOf(runs);
    const { isLive, share, secondsLeft } = overview;
    const percent = percentDone(share);
    return html`<div class="row">
        <h1>${subject.title}</h1>
        ${runs.length === 0 ? nothing : html`<span class="pill ${pillOf(overview)}">${s(pillOf(overview))}</span>`}
        <span class="dim number"
          >${summary(overview, runs.length)}${isLive && runs.length > 0 ? ` · ${formatProgress(share)}` : ''}${
            secondsLeft === null ? '' : ` · ${s('aboutLeft', formatDuration(secondsLeft))}`
          }</span
        >
        <span class="space"></span>
        <div class="actions">
          ${isLive ? html`<vscode-button appearance="secondary" @click=${this.stopAll}>${s('stopAll')}</vscode-button>` : nothing}
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
                  @choose=${(event: CustomEvent<string>) => choose(this, { folding: event.detail === 'method' })}
                ></mmoe-segment>`
            : nothing
        }
      </div>
      ${this.leftOut().map(({ variant, why }) => html`<p class="dim small second">${s('leftOut', variant, why)}</p>`)}
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

  /** Variants that the comparison shown goes without. */
  private leftOut(): readonly LeftOut[] {
    const { subject, runs } = this.model;
    return subject.comparison === null ? [] : (runs[0]?.manifest.comparison?.leftOut ?? []);
  }

  /** What the data is, where it is the same for all. */
  private facts(): string[] {
    const { runs } = this.model;
    const data = runs.flatMap(({ manifest }) => (manifest.data === null ? [] : [manifest.data]));
    const [first] = data;
    if (
      first === undefined ||
      data.some(({ source, rows }) => source !== first.source || rows.train !== first.rows.train)
    )
      return [];
    const { train, validation, test } = first.rows;
    const parts = [
      s('rowsTrain', formatCount(train)),
      ...(validation > 0 ? [s('rowsValidation', formatCount(validation))] : []),
      ...(test > 0 ? [s('rowsTest', formatCount(test))] : []),
    ];
    return [first.source, s('splitRows', parts.join(' / '))];
  }

  private readonly stopAll = (): void => {
    this.dispatchEvent(new CustomEvent('stop-all', { bubbles: true, composed: true }));
  };
}

/** The one that matters most. */
function pillOf({ counts }: Overview): RunStatus {
  return (
    (['running', 'queued', 'failed', 'interrupted', 'stopped', 'finished'] as const).find((status) =>
      counts.has(status),
    ) ?? 'queued'
  );
}

function summary({ counts }: Overview, total: number): string {
  const parts = runStatuses.flatMap((status) => {
    const count = counts.get(status);
    return count === undefined ? [] : [s(countWords[status], count)];
  });
  if (total === 0) return '';
  if (parts.length === 1) return total === 1 ? s('oneRun') : s('runsCount', total);
  return s('compareSummary', total, parts.join(', '));
}
