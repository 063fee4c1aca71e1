import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { ComparePageToHost } from '../../src/shared/messages/compare-protocol.js';
import { s } from '../strings.js';
import type { Host } from '../ui/page/host.js';
import { Page } from '../ui/page/page.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import './compare-header.js';
import './curves/compare-curves-section.js';
import { CompareFeed } from './model/compare-feed.js';
import { buildCompareModel } from './model/compare-model.js';
import { restoreComparePageState, type ComparePageState } from './model/compare-page-state.js';
import './tables/differences-card.js';
import './tables/results-card.js';

/** The settings that differ stand beside the results if there are at most this many. */
const maxBeside = 4;

/** Runs side by side: hands each card what it shows. */
@customElement('mmoe-compare-page')
export class ComparePage extends Page<ComparePageState> {
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
      @media (min-width: 1480px) {
        .beside {
          grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        }
      }
      mmoe-compare-curves {
        margin-top: 20px;
      }
      .empty {
        padding: 40px 0;
        text-align: center;
      }
    `,
  ];

  protected override readonly feed: CompareFeed;

  constructor(private readonly host: Host<ComparePageToHost>) {
    super(host, restoreComparePageState);
    this.addEventListener('stop-all', () => host.post({ type: 'stopAll' }));
    this.addEventListener('resume-comparison', () => host.post({ type: 'resumeComparison' }));
    this.addEventListener('open-run', ({ detail }) => host.post({ type: 'open', folder: detail }));
    this.feed = new CompareFeed({
      ready: () => this.askForAll(),
      dropped: (reason) => this.reportDropped(reason),
      changed: () => this.drawSoon(),
    });
  }

  protected override askForAll(): void {
    this.host.post({ type: 'ready' });
  }

  /** The subject is kept with the choices, so that the host can tell after a reload what to show. */
  protected override beforeDrawing(): void {
    const { comparison } = this.feed;
    if (comparison !== null && JSON.stringify(comparison.subject) !== JSON.stringify(this.choices.subject))
      this.remember({ subject: comparison.subject });
  }

  override render() {
    const { choices } = this;
    const { comparison } = this.feed;
    if (comparison === null) return nothing;
    const model = buildCompareModel(comparison, choices);
    const isBeside = model.differing.paths.length <= maxBeside;
    return html`<main>
      <mmoe-compare-header .model=${model}></mmoe-compare-header>
      ${
        model.runs.length === 0
          ? html`<p class="empty dim">
              ${s(model.subject.folders.length === 0 ? 'waitingForRuns' : 'noRunsLeft')}
            </p>`
          : html`<div class="grid ${isBeside ? 'beside' : ''}">
                <mmoe-differences-card .model=${model} .choices=${choices}></mmoe-differences-card>
                <mmoe-results-card .model=${model} .choices=${choices}></mmoe-results-card>
              </div>
              <mmoe-compare-curves .model=${model} .choices=${choices}></mmoe-compare-curves>`
      }
    </main>`;
  }
}
