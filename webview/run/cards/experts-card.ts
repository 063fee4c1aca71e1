import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { dash, formatShare, formatNorm, formatShort, formatWeight } from '../../../src/shared/numbers.js';
import { columnName, type ExpertColumn } from '../../charts/routes/expert-columns.js';
import { routeTraits } from '../../charts/routes/route-kind.js';
import type { ExpertState, Routes } from '../../charts/routes/routes-data.js';
import { expertsTable } from '../../charts/routes/routes-tables.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { styled } from '../../ui/theme/styled.js';
import { taskVariable } from '../../ui/theme/theme.js';
import type { ShownRun } from '../model/run-feed.js';
import type { RunPageState } from '../model/run-page-state.js';
import { epochText } from './route-texts.js';

/** The card that shows the experts' health, a row each. */
@customElement('mmoe-experts-card')
export class ExpertsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .scroll {
        overflow: auto;
        max-height: 460px;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        text-align: right;
        padding: 3px 6px;
        border-bottom: 1px solid var(--grid);
        font-weight: 400;
        white-space: nowrap;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--card);
        color: var(--dim);
        font-size: 11px;
      }
      :is(th, td):first-child {
        text-align: left;
      }
      .of {
        display: inline-block;
        width: 8px;
        height: 8px;
        border-radius: 2px;
        margin-right: 6px;
      }
      .dead {
        color: var(--bad);
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) routes: Routes | null = null;

  override render() {
    const { routes, choices, run } = this;
    if (!routes) return nothing;
    return html`<mmoe-card
      card="experts"
      heading=${s('experts')}
      name="${run.manifest.name} expert health"
      .kept=${choices}
      .table=${this.table}
    >
      <div slot="tools" class="tools dim small">${epochText(routes, run)}</div>
      <div class="scroll" tabindex="0" role="region" aria-label=${s('experts')}>
        <table aria-label=${s('experts')}>
          <thead>
            <tr>
              <th scope="col">${s('expert')}</th>
              ${routes.streams.map(({ name }) => html`<th scope="col">${name}</th>`)}
              <th scope="col">${s('aliveUnits')}</th>
              <th scope="col">${s('outputNorm')}</th>
              <th scope="col">${s('nearestExpert')}</th>
            </tr>
          </thead>
          <tbody>
            ${routes.experts.map((expert, index) => this.row(routes, expert, index))}
          </tbody>
        </table>
      </div>
    </mmoe-card>`;
  }

  private row(
    { streams, kind }: Routes,
    { column, alive, units, norm, nearest, dead }: ExpertState,
    index: number,
  ) {
    const format = routeTraits[kind].isOnOff ? formatShort : formatWeight;
    return html`<tr>
      <th scope="row">${taskMark(column)}${columnName(column)}</th>
      ${streams.map(({ mean }) => html`<td>${format(mean[index])}</td>`)}
      <td class=${dead ? 'dead' : ''}>
        ${dead ? `${s('dead')} · ` : nothing}${alive === null ? dash : `${alive} / ${units}`}
      </td>
      <td>${formatNorm(norm)}</td>
      <td>
        ${nearest === null ? dash : `${columnName(nearest.expert)} · ${formatShare(nearest.similarity)}`}
      </td>
    </tr>`;
  }

  private readonly table = () =>
    expertsTable(this.routes!, {
      expert: s('expert'),
      aliveUnits: s('aliveUnits'),
      ofUnits: s('units'),
      outputNorm: s('outputNorm'),
      nearestExpert: s('nearestExpert'),
      similarity: s('similarity'),
    });
}

/** Returns a mark in the colour of the task that owns the expert. */
const taskMark = ({ task }: ExpertColumn) =>
  task === null ? nothing : html`<span class="of" ${styled({ background: taskVariable(task) })}></span>`;
