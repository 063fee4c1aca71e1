import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RunAction, RunPageToHost } from '../../src/shared/run-protocol.js';
import { shownEpoch } from '../../src/shared/shown-epoch.js';
import { firstLevel } from '../charts/routes/route-kind.js';
import { buildRoutes } from '../charts/routes/routes-data.js';
import { s } from '../strings.js';
import type { SaveDetail } from '../ui/card.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { toggled } from '../ui/toggled.js';
import './cards/curves-card.js';
import './cards/drift-card.js';
import './cards/experts-card.js';
import './cards/gates-card.js';
import type { Host } from '../ui/host.js';
import './cards/network-card.js';
import { restoreRunPageState, type RunPageState } from './model/run-page-state.js';
import { RunFeed } from './model/run-feed.js';
import './head/run-header.js';
import './head/state-banner.js';
import './cards/task-cards.js';

/** With more tasks the gates' cards take the whole width each. */
const mostSideBySide = 4;

/**
 * The page of a run: takes the host's messages, hands each card what it shows, and is the only one that
 * posts.
 */
@customElement('mmoe-run-page')
export class RunPage extends LitElement {
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
      }
      @media (min-width: 820px) {
        .wide {
          grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        }
        .even {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
      .notes {
        margin-top: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-width: 80ch;
      }
      .tags {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 10px;
      }
      .tags span {
        border: 1px solid var(--line);
        border-radius: 3px;
        padding: 0 6px;
      }
      .gone {
        padding: 40px 0;
        text-align: center;
      }
    `,
  ];

  @state() private choices: RunPageState;
  private readonly feed: RunFeed;
  private frame = 0;

  constructor(private readonly host: Host<RunPageToHost>) {
    super();
    this.choices = restoreRunPageState(host.savedState());
    this.feed = new RunFeed({
      ready: (seq) => this.host.post({ type: 'ready', seq }),
      dropped: (reason) => this.host.post({ type: 'error', message: `a message was dropped: ${reason}` }),
      changed: () => this.drawSoon(),
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.onMessage);
    this.host.post({ type: 'ready', seq: 0 });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.onMessage);
    cancelAnimationFrame(this.frame);
  }

  private readonly onMessage = (event: MessageEvent<unknown>): void => this.feed.receive(event.data);

  /** However many messages come, the page is drawn once a frame. */
  private drawSoon(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.requestUpdate();
    });
  }

  override render() {
    const { view, gone } = this.feed;
    if (gone !== null) return html`<p class="gone dim" role="status">${gone}</p>`;
    if (!view) return nothing;
    const { choices } = this;
    const { manifest, status, history } = view;
    const { network } = manifest;
    const level =
      network === null ? 0 : Math.min(choices.level ?? firstLevel(network), network.levels.length - 1);
    const routes = buildRoutes(history, network, {
      level,
      group: choices.group,
      epoch: shownEpoch(manifest, status),
    });
    // Weights that the model fixes do not change.
    const drifts = routes?.kind !== 'fixed';
    const shown: RunPageState = { ...choices, level };
    return html`<main
      @act=${(event: CustomEvent<RunAction>) => this.host.post({ type: 'action', action: event.detail })}
      @remember=${(event: CustomEvent<Partial<RunPageState>>) => this.remember(event.detail)}
      @fold=${(event: CustomEvent<boolean>) => this.rememberCard('folded', event)}
      @show-table=${(event: CustomEvent<boolean>) => this.rememberCard('tabled', event)}
      @save-file=${(event: CustomEvent<SaveDetail>) => this.host.post({ type: 'save', ...event.detail })}
      @copy-text=${(event: CustomEvent<string>) => this.host.post({ type: 'copy', text: event.detail })}
    >
      <mmoe-run-header .view=${view}></mmoe-run-header>
      ${this.remarks(manifest)}
      <mmoe-state-banner .view=${view}></mmoe-state-banner>
      <mmoe-task-cards .view=${view}></mmoe-task-cards>
      <div class="grid wide">
        <mmoe-curves-card .view=${view} .choices=${shown}></mmoe-curves-card>
        <mmoe-network-card .view=${view} .choices=${shown} .routes=${routes}></mmoe-network-card>
      </div>
      <div class="grid ${drifts && (routes?.streams.length ?? 0) <= mostSideBySide ? 'even' : ''}">
        <mmoe-gates-card .view=${view} .choices=${shown} .routes=${routes}></mmoe-gates-card>
        ${drifts ? html`<mmoe-drift-card .view=${view} .choices=${shown} .routes=${routes}></mmoe-drift-card>` : nothing}
      </div>
      <div class="grid">
        <mmoe-experts-card .view=${view} .choices=${shown} .routes=${routes}></mmoe-experts-card>
      </div>
    </main>`;
  }

  private remarks({ notes, tags }: { notes: string; tags: readonly string[] }) {
    return html`${tags.length === 0 ? nothing : html`<div class="tags small">${tags.map((tag) => html`<span>${tag}</span>`)}</div>`}
    ${notes === '' ? nothing : html`<p class="notes" aria-label=${s('notes')}>${notes}</p>`}`;
  }

  private remember(change: Partial<RunPageState>): void {
    this.choices = { ...this.choices, ...change };
    this.host.saveState(this.choices);
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
