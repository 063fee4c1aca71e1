import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import type { Claim } from '../../../src/shared/study/paper/claims.js';
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
        min-width: 180px;
      }
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
    const { claims, study } = this.model;
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
              <th scope="col">${s('claim')}</th>
              <th scope="col">${s('claimHere')}</th>
              <th scope="col">${s('claimHolds')}</th>
            </tr>
          </thead>
          <tbody>
            ${claims.map(
              ({ text, found, verdict }) =>
                html`<tr>
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

const claimsTable = (claims: readonly Claim[]): TableData => ({
  columns: [s('claim'), s('claimHere'), s('claimHolds')],
  rows: claims.map(({ text, found, verdict }) => [text, found, verdict]),
});
