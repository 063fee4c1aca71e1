import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { RunContext, RunPageToHost } from '../../src/shared/messages/run-protocol.js';
import type { RunManifest } from '../../src/shared/run/run-manifest.js';
import { shownEpoch } from '../../src/shared/run/shown-epoch.js';
import { firstLevel, routeTraits } from '../charts/routes/route-kind.js';
import { buildRoutes, type Routes } from '../charts/routes/routes-data.js';
import { s } from '../strings.js';
import type { Host } from '../ui/page/host.js';
import { Page } from '../ui/page/page.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import './cards/curves-card.js';
import './cards/drift-card.js';
import './cards/experts-card.js';
import './cards/gates-card.js';
import './cards/network-card.js';
import './cards/settings-card.js';
import './cards/task-cards.js';
import './head/run-header.js';
import './head/state-banner.js';
import { RunFeed, type ShownRun } from './model/run-feed.js';
import { restoreRunPageState, type RunPageState } from './model/run-page-state.js';

const noStanding: RunContext['standing'] = [];
/** The cards of the gates stand side by side if there are at most this many streams. */
const maxSideBySide = 4;

/** The page of one run: hands each card what it shows. */
@customElement('mmoe-run-page')
export class RunPage extends Page<RunPageState> {
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

  protected override readonly feed: RunFeed;

  constructor(private readonly host: Host<RunPageToHost>) {
    super(host, restoreRunPageState);
    this.addEventListener('act', ({ detail }) => host.post({ type: 'action', action: detail }));
    this.feed = new RunFeed({
      ready: (seq) => host.post({ type: 'ready', seq }),
      dropped: (reason) => this.reportDropped(reason),
      changed: () => this.drawSoon(),
    });
  }

  protected override askForAll(): void {
    this.host.post({ type: 'ready', seq: 0 });
  }

  override render() {
    const { run, gone, context } = this.feed;
    if (gone !== null) return html`<p class="gone dim" role="status">${gone}</p>`;
    if (!run) return nothing;
    const { manifest } = run;
    const level = this.shownLevel(manifest);
    const shown: RunPageState = { ...this.choices, level };
    const routes = buildRoutes(run.history, manifest.network, {
      level,
      group: shown.group,
      epoch: shownEpoch(manifest, run.status),
    });
    return html`<main>
      <mmoe-run-header .run=${run} .name=${context?.name ?? manifest.name}></mmoe-run-header>
      ${this.remarks(manifest)}
      <mmoe-state-banner .run=${run}></mmoe-state-banner>
      <mmoe-task-cards .run=${run} .standing=${context?.standing ?? noStanding}></mmoe-task-cards>
      <div class="grid wide">
        <mmoe-curves-card .run=${run} .choices=${shown}></mmoe-curves-card>
        <mmoe-network-card .run=${run} .choices=${shown} .routes=${routes}></mmoe-network-card>
      </div>
      ${this.weights(run, shown, routes)}
      <div class="grid">
        <mmoe-experts-card .run=${run} .choices=${shown} .routes=${routes}></mmoe-experts-card>
      </div>
      <div class="grid">
        <mmoe-settings-card
          .run=${run}
          .choices=${shown}
          .other=${context?.other ?? null}
        ></mmoe-settings-card>
      </div>
    </main>`;
  }

  private shownLevel({ network }: RunManifest): number {
    if (network === null) return 0;
    return Math.min(this.choices.level ?? firstLevel(network), network.levels.length - 1);
  }

  private remarks({ notes, tags }: RunManifest) {
    return html`${
      tags.length === 0
        ? nothing
        : html`<div class="tags small">${tags.map((tag) => html`<span>${tag}</span>`)}</div>`
    }
    ${notes === '' ? nothing : html`<p class="notes" aria-label=${s('notes')}>${notes}</p>`}`;
  }

  /** The weights over the rows and, unless the model fixes them, over training. */
  private weights(run: ShownRun, shown: RunPageState, routes: Routes | null) {
    const drifts = routes === null || routeTraits[routes.kind].isLearned;
    const isEven = drifts && (routes?.streams.length ?? 0) <= maxSideBySide;
    return html`<div class="grid ${isEven ? 'even' : ''}">
      <mmoe-gates-card .run=${run} .choices=${shown} .routes=${routes}></mmoe-gates-card>
      ${
        drifts
          ? html`<mmoe-drift-card .run=${run} .choices=${shown} .routes=${routes}></mmoe-drift-card>`
          : nothing
      }
    </div>`;
  }
}
