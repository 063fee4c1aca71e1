import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ComparePageToHost } from '../../src/shared/compare-protocol.js';
import { s } from '../strings.js';
import type { SaveDetail } from '../ui/card.js';
import type { Host } from '../ui/host.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { toggled } from '../ui/toggled.js';
import { CompareFeed } from './model/compare-feed.js';
import './compare-header.js';
import './curves/compare-curves-section.js';
import './tables/differences-card.js';
import { buildCompareModel, type CompareModel } from './model/compare-model.js';
import { restoreComparePageState, type ComparePageState } from './model/compare-page-state.js';
import './tables/results-card.js';

/** ComparedSettings that differ beside the results, as long as they are few. */
const mostBeside = 4;

/**
 * Runs side by side: takes the host's messages, hands each card what it shows, and is the only one that
 * posts.
 */
@customElement('mmoe-compare-page')
export class ComparePage extends LitElement {
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

  @state() private choices: ComparePageState;
  @state() private model: CompareModel | null = null;
  private readonly feed: CompareFeed;
  private frame = 0;

  constructor(private readonly host: Host<ComparePageToHost>) {
    super();
    this.choices = restoreComparePageState(host.savedState());
    this.feed = new CompareFeed({
      ready: () => this.host.post({ type: 'ready' }),
      dropped: (reason) => this.host.post({ type: 'error', message: `a message was dropped: ${reason}` }),
      changed: () => this.drawSoon(),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.receive);
    this.host.post({ type: 'ready' });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.receive);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  private readonly receive = ({ data }: MessageEvent): void => this.feed.receive(data);

  /** Messages come faster than pictures are needed. */
  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const { comparison } = this.feed;
      if (comparison !== null && JSON.stringify(comparison.subject) !== JSON.stringify(this.choices.subject))
        this.remember({ subject: comparison.subject });
      this.remodel();
    });
  }

  private remodel(): void {
    const { comparison } = this.feed;
    this.model = comparison === null ? null : buildCompareModel(comparison, this.choices);
  }

  override render() {
    const { model, choices } = this;
    if (model === null) return nothing;
    const beside = model.differing.paths.length <= mostBeside;
    return html`<main
      @remember=${(event: CustomEvent<Partial<ComparePageState>>) => this.remember(event.detail)}
      @fold=${(event: CustomEvent<boolean>) => this.rememberCard('folded', event)}
      @show-table=${(event: CustomEvent<boolean>) => this.rememberCard('tabled', event)}
      @stop-all=${() => this.host.post({ type: 'stopAll' })}
      @open-run=${(event: CustomEvent<string>) => this.host.post({ type: 'open', folder: event.detail })}
      @save-file=${(event: CustomEvent<SaveDetail>) => this.host.post({ type: 'save', ...event.detail })}
      @copy-text=${(event: CustomEvent<string>) => this.host.post({ type: 'copy', text: event.detail })}
    >
      <mmoe-compare-header .model=${model}></mmoe-compare-header>
      ${
        model.runs.length === 0
          ? html`<p class="empty dim">
              ${s(model.subject.folders.length === 0 ? 'waitingForRuns' : 'noRunsLeft')}
            </p>`
          : html`<div class="grid ${beside ? 'beside' : ''}">
                <mmoe-differences-card .model=${model} .choices=${choices}></mmoe-differences-card>
                <mmoe-results-card .model=${model} .choices=${choices}></mmoe-results-card>
              </div>
              <mmoe-compare-curves .model=${model} .choices=${choices}></mmoe-compare-curves>`
      }
    </main>`;
  }

  private remember(change: Partial<ComparePageState>): void {
    this.choices = { ...this.choices, ...change };
    this.host.saveState(this.choices);
    this.remodel();
  }

  private rememberCard(field: 'folded' | 'tabled', event: CustomEvent<boolean>): void {
    const card = event
      .composedPath()
      .find(
        (target): target is HTMLElement =>
          target instanceof HTMLElement && target.dataset['card'] !== undefined,
      );
    const name = card?.dataset['card'];
    if (name !== undefined) this.remember({ [field]: toggled(this.choices[field], name, event.detail) });
  }
}
