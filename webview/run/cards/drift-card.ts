import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { formatWeight } from '../../../src/shared/numbers.js';
import { buildDrift, driftTable, type Drift } from '../../charts/gates/drift-data.js';
import '../../charts/gates/drift-map.js';
import type { DriftMap } from '../../charts/gates/drift-map.js';
import { routeTraits } from '../../charts/routes/route-kind.js';
import type { Routes } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { ShownRun } from '../model/run-feed.js';
import type { RunPageState } from '../model/run-page-state.js';
import { memberText, routeTexts } from './route-texts.js';

/** The card that shows how the mean weights have come about, always over all validation rows. */
@customElement('mmoe-drift-card')
export class DriftCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .scale {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      .scale i {
        width: 60px;
        height: 8px;
        border: 1px solid var(--line);
        background: linear-gradient(to right, color-mix(in srgb, var(--dim) 4%, var(--card)), var(--dim));
      }
      .scale .signed {
        background: linear-gradient(to right, var(--fg), var(--card), var(--task-0));
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;
  @query('mmoe-drift') private readonly chart!: DriftMap;
  private drift: Drift | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('choices')) return;
    const { run, choices } = this;
    this.drift = buildDrift(run.history, run.manifest.network, choices.level ?? 0);
  }

  override render() {
    const { drift, routes, choices, run } = this;
    if (!drift || !routes) return nothing;
    const texts = routeTexts[routes.kind];
    const isWaiting = drift.epochs.length === 0;
    const rows = routes.group?.where ? `${s('groupAll')} · ` : '';
    return html`<mmoe-card
      card="drift"
      heading=${s(texts.drift)}
      name="${run.manifest.name} ${texts.driftFile}"
      .kept=${choices}
      .table=${isWaiting ? null : this.table}
      .picture=${this.picture}
    >
      <div slot="tools" class="tools dim small number">
        ${
          isWaiting
            ? nothing
            : html`<span
                  >${rows}${s(texts.driftCaption, drift.epochs[0]!, drift.epochs.at(-1)!)}${memberText(run.manifest)}</span
                >${this.scale(drift, routes)}`
        }
      </div>
      ${
        isWaiting
          ? html`<p class="dim empty">${s(texts.empty)}</p>`
          : html`<mmoe-drift .drift=${drift}></mmoe-drift>`
      }
    </mmoe-card>`;
  }

  /** Returns the key to the colours; weights that are 1 or 0 need none. */
  private scale({ largest, isSigned }: Drift, { kind }: Routes) {
    if (routeTraits[kind].isOnOff) return nothing;
    return isSigned
      ? html`<span class="scale"
          >${formatWeight(-largest)}<i class="signed"></i>${formatWeight(largest)}</span
        >`
      : html`<span class="scale">0<i></i>${formatWeight(largest)}</span>`;
  }

  private readonly table = () =>
    driftTable(this.drift!, { task: s('task'), expert: s('expert'), epoch: s('epoch') });
  private readonly picture = () => this.chart.picture();
}
