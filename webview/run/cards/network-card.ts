import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import '../../charts/network/network-picture.js';
import type { NetworkPicture } from '../../charts/network/network-picture.js';
import { routesTable, type Routes } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { chooseState } from './card-events.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { groupChooser, levelChooser } from './choosers.js';
import { epochText, routeWords } from './gates-card.js';
import type { RunPageState } from '../model/run-page-state.js';
import { levelText, linesMean, routeTexts } from './route-texts.js';
import type { ShownRun } from '../model/run-feed.js';

/** Which task uses which expert, over all validation rows or some of them. */
@customElement('mmoe-network-card')
export class NetworkCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) view!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;
  @query('mmoe-network') private readonly chart!: NetworkPicture;

  override render() {
    const { routes, choices, view } = this;
    const { network } = view.manifest;
    if (!routes || !network) return nothing;
    const level = choices.level ?? 0;
    return html`<mmoe-card
      heading=${s('whoUses')}
      name="${view.manifest.name} experts"
      ?folded=${choices.folded.includes('network')}
      ?tabled=${choices.tabled.includes('network')}
      .table=${this.table}
      .picture=${this.picture}
      data-card="network"
    >
      <div slot="tools" class="tools">
        ${levelChooser(network, level, (chosen) => chooseState(this, { level: chosen }))}
        ${groupChooser(routes.groups, choices.group, (group) => chooseState(this, { group }))}
      </div>
      <mmoe-network .routes=${routes} .level=${levelText(network, level)}></mmoe-network>
      <p class="caption">
        ${
          routes.epoch === null
            ? s(routeTexts[routes.kind].empty)
            : html`${s('barMeans')}<br />${linesMean(routes)} · ${epochText(routes, view)}`
        }
      </p>
    </mmoe-card>`;
  }

  private readonly table = () => routesTable(this.routes!, routeWords);
  private readonly picture = () => this.chart.picture();
}
