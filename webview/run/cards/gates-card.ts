import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../../charts/gates/violins.js';
import type { Violins } from '../../charts/gates/violins.js';
import { routesTable, type Routes } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import type { RunPageState } from '../model/run-page-state.js';
import { routeTexts } from './route-texts.js';
import type { ShownRun } from '../model/run-feed.js';

export const routeWords = {
  expert: s('expert'),
  weight: s('weight'),
  mean: s('mean'),
  sd: s('sd'),
  load: s('load'),
};

/** How sharply the gates choose: their weights over validation rows. */
@customElement('mmoe-gates-card')
export class GatesCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) view!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;
  @query('mmoe-violins') private readonly chart!: Violins;

  override render() {
    const { routes, choices, view } = this;
    if (!routes) return nothing;
    const waiting = routes.epoch === null;
    const texts = routeTexts[routes.kind];
    const loaded = routes.streams.some(({ load }) => load !== null);
    return html`<mmoe-card
      heading=${s(texts.weights)}
      name="${view.manifest.name} ${routes.kind === 'gate' ? 'gate' : 'expert'} weights"
      ?folded=${choices.folded.includes('gates')}
      ?tabled=${choices.tabled.includes('gates')}
      .table=${waiting ? null : this.table}
      .picture=${this.picture}
      data-card="gates"
    >
      <div slot="tools" class="tools dim small">
        ${groupText(routes)}${[s(loaded ? 'loadCaption' : texts.caption), ...(waiting ? [] : [epochText(routes, view)])].join(' · ')}
      </div>
      ${waiting ? html`<p class="dim empty">${s(texts.empty)}</p>` : html`<mmoe-violins .routes=${routes}></mmoe-violins>`}
    </mmoe-card>`;
  }

  private readonly table = () => routesTable(this.routes!, routeWords);
  private readonly picture = () => this.chart.picture();
}

/** The epoch that is shown; nothing before there is one. */
export function epochText({ epoch }: Routes, { manifest }: ShownRun): string {
  if (epoch === null) return '';
  return s(epoch === manifest.summary?.bestEpoch ? 'bestEpochNumber' : 'epochNumber', epoch);
}

/** The chosen rows, where they are not all. */
export function groupText({ group }: Routes): string {
  return group?.where ? `${s('groupOf', group.where.task, group.where.label)} · ` : '';
}
