import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { cellText } from '../../../src/shared/figures/table-data.js';
import { figureName, type PaperTable } from '../../../src/shared/study/paper/paper-table.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { tableStyles } from '../../ui/theme/table-styles.js';
import type { StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';

/** The card with what a study of the paper has come to, a figure or table at a time, beside the paper's numbers. */
@customElement('mmoe-paper-card')
export class PaperCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    tableStyles,
    css`
      h3 {
        font-size: 12px;
        font-weight: 600;
        margin: 12px 0 4px;
      }
      :is(td, th).text {
        text-align: left;
      }
      .paper {
        color: var(--dim);
      }
    `,
  ];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;

  override render() {
    const { study, paper } = this.model;
    const { tables } = paper!;
    const figures = [...new Set(tables.map(({ figure }) => figure))];
    const { origin } = study.record;
    const chosen =
      figures.find((one) => one === this.choices.paper) ??
      figures.find((one) => origin.is === 'paper' && one === origin.figure) ??
      figures[0]!;
    const its = tables.filter(({ figure }) => figure === chosen);
    const shown = its.find(({ part }) => part === this.choices.paperPart) ?? its[0]!;
    const parts = its.flatMap(({ part }) => part ?? []);
    return html`<mmoe-card
      card="paper"
      heading=${s('paperNumbers')}
      name=${[study.record.name, chosen, ...(shown.part === undefined ? [] : [shown.part])].join(' ')}
      .kept=${this.choices}
      .table=${() => shown.table}
    >
      <div slot="tools" class="tools">
        ${
          figures.length < 2
            ? nothing
            : html`<mmoe-segment
                label=${s('paperPart')}
                .choices=${figures.map((value) => ({ value, label: figureName(value) }))}
                value=${chosen}
                @choose=${({ detail }: CustomEvent<string>) => chooseOnStudyPage(this, { paper: detail })}
              ></mmoe-segment>`
        }
        ${
          parts.length < 2
            ? nothing
            : html`<mmoe-segment
                label=${s('paperTable')}
                .choices=${parts.map((value) => ({ value, label: value }))}
                value=${shown.part!}
                @choose=${({ detail }: CustomEvent<string>) => chooseOnStudyPage(this, { paperPart: detail })}
              ></mmoe-segment>`
        }
      </div>
      ${tableOf(shown)}
    </mmoe-card>`;
  }
}

const tableOf = ({ title, table: { columns, rows }, texts, notes }: PaperTable) =>
  html`<h3>${title}</h3>
    <div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table aria-label=${title}>
        <thead>
          <tr>
            ${columns.map((name, i) => html`<th scope="col" class=${classOf(columns, i, texts)}>${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell, i) =>
                  i === 0
                    ? html`<th scope="row">${cellText(cell)}</th>`
                    : html`<td class=${classOf(columns, i, texts)}>${cellText(cell)}</td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="caption">${notes.join(' ')}</p>`;

const classOf = (columns: readonly string[], i: number, texts: number): string =>
  [i < texts ? 'text' : '', columns[i]!.startsWith('paper') ? 'paper' : ''].join(' ').trim();
