import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Claim } from '../../../src/shared/study/paper/claims.js';
import { claimsTable, figureName } from '../../../src/shared/study/paper/paper-table.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { StudyModel } from '../model/study-model.js';
import type { StudyPageState } from '../model/study-page-state.js';

const verdictWords = {
  holds: 'verdictHolds',
  fails: 'verdictFails',
  'cannot tell': 'verdictCannotTell',
} as const satisfies Record<Claim['verdict'], string>;

/** The card with the paper's claims, one by one, and whether each holds here. */
@customElement('mmoe-claims-card')
export class ClaimsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    css`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        text-align: left;
        padding: 4px 8px;
        border-bottom: 1px solid var(--grid);
        font-weight: 400;
        vertical-align: top;
      }
      thead th {
        color: var(--dim);
        font-size: 11px;
      }
      :is(th, td):first-child {
        padding-left: 0;
      }
      tbody th {
        min-width: 180px;
      }
      .of,
      td:last-child {
        white-space: nowrap;
      }
      tbody tr:last-child > * {
        border-bottom: 0;
      }
      .fails {
        font-weight: 700;
        color: var(--bad);
      }
      .cannot {
        color: var(--dim);
      }
    `,
  ];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;

  override render() {
    const { study, paper } = this.model;
    const { claims } = paper!;
    const hasOf = new Set(claims.map(({ of }) => of)).size > 1;
    return html`<mmoe-card
      card="claims"
      heading=${s('claims')}
      name="${study.record.name} claims"
      .kept=${this.choices}
      .table=${() => claimsTable(claims)}
    >
      <div class="scroll" tabindex="0" role="region" aria-label=${s('claims')}>
        <table aria-label=${s('claims')}>
          <thead>
            <tr>
              ${hasOf ? html`<th scope="col">${s('claimOf')}</th>` : nothing}
              <th scope="col">${s('claim')}</th>
              <th scope="col">${s('claimHere')}</th>
              <th scope="col">${s('claimHolds')}</th>
            </tr>
          </thead>
          <tbody>
            ${claims.map(
              ({ of, text, found, verdict }) =>
                html`<tr>
                  ${hasOf ? html`<td class="of">${of === null ? '' : figureName(of)}</td>` : nothing}
                  <th scope="row">${text}</th>
                  <td>${found}</td>
                  <td class=${verdict.split(' ')[0]!}>${s(verdictWords[verdict])}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
      <p class="caption">${s('claimsNote')}</p>
    </mmoe-card>`;
  }
}
