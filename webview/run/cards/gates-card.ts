import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../../charts/gates/violins.js';
import type { Violins } from '../../charts/gates/violins.js';
import type { Routes } from '../../charts/routes/routes-data.js';
import { routesTable } from '../../charts/routes/routes-tables.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { ShownRun } from '../model/run-feed.js';
import type { RunPageState } from '../model/run-page-state.js';
import { epochText, groupText, routeTexts, routeWords } from './route-texts.js';

/** The card that shows how sharply the gates choose: their weights over validation rows. */
@customElement('mmoe-gates-card')
export class GatesCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) run!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;
  @query('mmoe-violins') private readonly chart!: Violins;

  override render() {
    const { routes, choices, run } = this;
    if (!routes) return nothing;
    const isWaiting = routes.epoch === null;
    const texts = routeTexts[routes.kind];
    const isLoaded = routes.streams.some(({ load }) => load !== null);
    const caption = s(isLoaded ? 'loadCaption' : texts.caption);
    return html`<mmoe-card
      card="gates"
      heading=${s(texts.weights)}
      name="${run.manifest.name} ${texts.weightsFile}"
      .kept=${choices}
      .table=${isWaiting ? null : this.table}
      .picture=${this.picture}
    >
      <div slot="tools" class="tools dim small">
        ${groupText(routes)}${[caption, ...(isWaiting ? [] : [epochText(routes, run)])].join(' · ')}
      </div>
      ${
        isWaiting
          ? html`<p class="dim empty">${s(texts.empty)}</p>`
          : html`<mmoe-violins .routes=${routes}></mmoe-violins>`
      }
    </mmoe-card>`;
  }

  private readonly table = () => routesTable(this.routes!, routeWords);
  private readonly picture = () => this.chart.picture();
}
