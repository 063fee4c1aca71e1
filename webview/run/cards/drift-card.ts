import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { buildDrift, driftTable, type Drift } from '../../charts/gates/drift-data.js';
import '../../charts/gates/drift-map.js';
import type { DriftMap } from '../../charts/gates/drift-map.js';
import type { Routes } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { formatWeight } from '../../../src/shared/numbers.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import type { RunPageState } from '../model/run-page-state.js';
import { routeTexts } from './route-texts.js';
import type { ShownRun } from '../model/run-feed.js';

/** Since when the gates are as they are, whichever rows the other cards show. */
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

  @property({ attribute: false }) view!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;
  @query('mmoe-drift') private readonly chart!: DriftMap;
  private drift: Drift | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view') && !changed.has('choices')) return;
    const { view, choices } = this;
    this.drift = buildDrift(view.history, view.manifest.network, choices.level ?? 0);
  }

  override render() {
    const { drift, routes, choices, view } = this;
    if (!drift || !routes) return nothing;
    const texts = routeTexts[routes.kind];
    const waiting = drift.epochs.length === 0;
    return html`<mmoe-card
      heading=${s(texts.drift)}
      name="${view.manifest.name} ${routes.kind === 'gate' ? 'gates' : 'weights'} over training"
      ?folded=${choices.folded.includes('drift')}
      ?tabled=${choices.tabled.includes('drift')}
      .table=${waiting ? null : this.table}
      .picture=${this.picture}
      data-card="drift"
    >
      <div slot="tools" class="tools dim small number">
        ${
          waiting
            ? nothing
            : html`<span
                  >${routes.group?.where ? `${s('groupAll')} · ` : ''}${s(texts.driftCaption, drift.epochs[0]!, drift.epochs.at(-1)!)}</span
                >${this.scale(drift, routes)}`
        }
      </div>
      ${waiting ? html`<p class="dim empty">${s(texts.empty)}</p>` : html`<mmoe-drift .drift=${drift}></mmoe-drift>`}
    </mmoe-card>`;
  }

  private scale({ most, negative }: Drift, { kind }: Routes) {
    if (kind === 'path') return nothing;
    return negative
      ? html`<span class="scale">${formatWeight(-most)}<i class="signed"></i>${formatWeight(most)}</span>`
      : html`<span class="scale">0<i></i>${formatWeight(most)}</span>`;
  }

  private readonly table = () =>
    driftTable(this.drift!, { task: s('task'), expert: s('expert'), epoch: s('epoch') });
  private readonly picture = () => this.chart.picture();
}
