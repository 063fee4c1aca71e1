import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../../charts/network/network-picture.js';
import type { NetworkPicture } from '../../charts/network/network-picture.js';
import type { Routes } from '../../charts/routes/routes-data.js';
import { routesTable } from '../../charts/routes/routes-tables.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { ShownRun } from '../model/run-feed.js';
import { chooseOnRunPage, type RunPageState } from '../model/run-page-state.js';
import { groupChooser, levelChooser } from './choosers.js';
import { levelText } from '../../charts/routes/level-text.js';
import { epochText, linesMean, routeTexts, routeWords } from './route-texts.js';

/** The card that shows which task uses which expert, over all validation rows or some of them. */
@customElement('mmoe-network-card')
export class NetworkCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) run!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;
  @query('mmoe-network') private readonly chart!: NetworkPicture;

  override render() {
    const { routes, choices, run } = this;
    const { network } = run.manifest;
    if (!routes || !network) return nothing;
    const level = choices.level ?? 0;
    return html`<mmoe-card
      card="network"
      heading=${s('whoUses')}
      name="${run.manifest.name} experts"
      .kept=${choices}
      .table=${this.table}
      .picture=${this.picture}
    >
      <div slot="tools" class="tools">
        ${levelChooser(network, level, (chosen) => chooseOnRunPage(this, { level: chosen }))}
        ${groupChooser(routes.groups, choices.group, (group) => chooseOnRunPage(this, { group }))}
      </div>
      <mmoe-network .routes=${routes} .level=${levelText(network, level)}></mmoe-network>
      <p class="caption">
        ${
          routes.epoch === null
            ? s(routeTexts[routes.kind].empty)
            : html`${s('barMeans')}<br />${linesMean(routes)} · ${epochText(routes, run)}`
        }
      </p>
    </mmoe-card>`;
  }

  private readonly table = () => routesTable(this.routes!, routeWords);
  private readonly picture = () => this.chart.picture();
}
