import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { TriedRun } from '../../../src/shared/messages/try-row-protocol.js';
import '../../charts/network/network-picture.js';
import type { NetworkPicture } from '../../charts/network/network-picture.js';
import { levelText } from '../../charts/routes/level-text.js';
import { firstLevel, routeTraits } from '../../charts/routes/route-kind.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { dropdown } from '../../ui/dropdown.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { routesOfRow } from '../model/routes-of-row.js';
import { chooseOnTryRowPage, type TryRowState } from '../model/try-row-state.js';

/** The card that shows which task uses which expert for the row, as the run's page does for many. */
@customElement('mmoe-row-gates-card')
export class RowGatesCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) run!: TriedRun;
  /** Per level [streams][experts]. */
  @property({ attribute: false }) routes: readonly (readonly (readonly number[])[])[] = [];
  @property({ attribute: false }) choices!: TryRowState;
  @query('mmoe-network') private readonly chart!: NetworkPicture;

  override render() {
    const { run, choices } = this;
    const { network, members } = run;
    if (network === null) return nothing;
    const level = Math.min(choices.level ?? firstLevel(network), network.levels.length - 1);
    const routes = routesOfRow(run, level, this.routes[level] ?? []);
    if (routes === null) return nothing;
    return html`<mmoe-card
      card="gates"
      heading=${s('gatesOfRow')}
      name="${run.name} row"
      .kept=${choices}
      .table=${this.table}
      .picture=${() => this.chart.picture()}
    >
      <div slot="tools" class="tools">
        ${
          members < 2
            ? nothing
            : dropdown(
                s('member'),
                Array.from({ length: members }, (_, at) => ({
                  value: String(at),
                  label: s('memberNumber', at + 1),
                })),
                String(choices.member),
                '0',
                (value) => chooseOnTryRowPage(this, { member: Number(value) }),
              )
        }
        ${
          network.levels.length < 2
            ? nothing
            : dropdown(
                s('level'),
                network.levels.map((_, at) => ({ value: String(at), label: levelText(network, at) })),
                String(level),
                '0',
                (value) => chooseOnTryRowPage(this, { level: Number(value) }),
              )
        }
      </div>
      <mmoe-network .routes=${routes} .level=${levelText(network, level)}></mmoe-network>
      <p class="caption">${s(routeTraits[routes.kind].dependsOnRow ? 'gatesOfRowCaption' : 'notOfRow')}</p>
    </mmoe-card>`;
  }

  private readonly table = (): TableData => {
    const levels = this.run.network?.levels ?? [];
    return {
      columns: ['level', 'stream', 'expert', 'weight'],
      rows: levels.flatMap(({ streams }, level) =>
        streams.flatMap(({ name }, stream) =>
          (this.routes[level]?.[stream] ?? []).map((weight, expert) => [
            levelText(this.run.network!, level),
            ...[name, expert + 1, weight],
          ]),
        ),
      ),
    };
  };
}
