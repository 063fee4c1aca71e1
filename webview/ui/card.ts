import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { s } from '../strings.js';
import './data-table.js';
import './menu.js';
import type { MenuEntry } from './menu.js';
import { askPage, type SaveDetail } from './page/page-events.js';
import type { CardState } from './page/page-state.js';
import { svgToPng } from './svg-files.js';
import { toCsv, toLatex, toMarkdown, type TableData } from '../../src/shared/figures/table-data.js';
import { quietButton, sharedStyles } from './theme/shared-styles.js';

/**
 * A card with a chart in it: a heading that folds it, tools beside the heading (slot `tools`), the table
 * behind the chart, and a menu to copy and save both. Asks the page to `fold` it, to `show-table`, to
 * `save-file` and to `copy-text`.
 */
@customElement('mmoe-card')
export class Card extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    css`
      :host {
        border: 1px solid var(--line);
        background: var(--card);
        border-radius: 4px;
        padding: 12px 14px;
        min-width: 0;
      }
      header {
        position: relative;
        display: flex;
        flex-wrap: wrap;
        gap: 6px 8px;
        align-items: center;
        min-height: 22px;
        margin-bottom: 8px;
      }
      .with-own {
        padding-right: 54px;
      }
      :host([folded]) header {
        margin-bottom: 0;
      }
      h2 {
        font-size: 12px;
        font-weight: 600;
        margin: 0;
      }
      .fold {
        font-weight: 600;
        color: var(--fg);
      }
      .fold::before {
        content: '';
        display: inline-block;
        width: 5px;
        height: 5px;
        margin: 0 0 2px -13px;
        border: solid var(--dim);
        border-width: 0 1px 1px 0;
        transform: rotate(45deg);
        margin-right: 8px;
        opacity: 0;
      }
      :host([folded]) .fold::before {
        transform: rotate(-45deg);
        opacity: 1;
      }
      .fold:hover::before,
      .fold:focus-visible::before {
        opacity: 1;
      }
      ::slotted([slot='tools']) {
        flex: 1;
        min-width: 0;
      }
      .own {
        position: absolute;
        top: 0;
        right: 0;
        display: flex;
        gap: 2px;
      }
      .icon {
        width: 22px;
        height: 20px;
        color: var(--dim);
        display: grid;
        place-items: center;
      }
      .icon:hover {
        background: var(--vscode-toolbar-hoverBackground, transparent);
        color: var(--fg);
      }
      .icon[aria-pressed='true'] {
        background: var(--chosen);
        color: var(--chosen-fg);
      }
      svg {
        width: 14px;
        height: 14px;
        fill: none;
        stroke: currentcolor;
      }
      mmoe-data-table {
        margin-top: 10px;
      }
    `,
  ];

  /** The name by which the page remembers this card. */
  @property() card = '';
  /** The part of the page's state that is about its cards. */
  @property({ attribute: false }) kept: CardState = { folded: [], tabled: [] };
  @property() heading = '';
  /** Name of the files that are saved. */
  @property() name = '';
  /** Null: there is nothing to show yet. */
  @property({ attribute: false }) table: (() => TableData) | null = null;
  /** Returns the chart as SVG; null: there is no chart, because the card is a table. */
  @property({ attribute: false }) picture: (() => string) | null = null;
  /** Follows `kept`, for the styles. */
  @property({ type: Boolean, reflect: true }) folded = false;
  @state() private copied = false;

  protected override willUpdate(): void {
    this.folded = this.kept.folded.includes(this.card);
  }

  override render() {
    const { card, heading, folded, table } = this;
    const tabled = this.kept.tabled.includes(card);
    return html`<header class=${folded || !table ? '' : 'with-own'}>
        <h2>
          <button
            class="fold"
            aria-expanded=${!folded}
            @click=${() => askPage(this, 'fold', { card, on: !folded })}
          >
            ${heading}
          </button>
        </h2>
        ${folded ? html`<span class="space"></span>` : html`<slot name="tools"></slot>`}
        ${folded || !table ? nothing : this.own(tabled)}
      </header>
      ${folded ? nothing : html`<slot></slot>`}
      ${
        tabled && !folded && table
          ? html`<mmoe-data-table .label=${heading} .table=${table()}></mmoe-data-table>`
          : nothing
      }
      <div class="hidden-but-read" aria-live="polite">${this.copied ? s('copied') : ''}</div>`;
  }

  private own(tabled: boolean) {
    return html`<div class="own">
      ${
        this.picture === null
          ? nothing
          : html`<button
              class="icon"
              title=${s('table')}
              aria-label=${s('showTable', this.heading)}
              aria-pressed=${tabled}
              @click=${() => askPage(this, 'show-table', { card: this.card, on: !tabled })}
            >
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M1.5 2.5h13v11h-13zM1.5 6.2h13M1.5 9.8h13M6 6.2v7.3" />
              </svg>
            </button>`
      }
      <mmoe-menu
        label=${s('chartMenu', this.heading)}
        .items=${this.items()}
        @pick=${(event: CustomEvent<string>) => this.pick(event.detail)}
      ></mmoe-menu>
    </div>`;
  }

  private items(): MenuEntry[] {
    const pictures = [
      { value: 'png', label: s('savePng') },
      { value: 'svg', label: s('saveSvg') },
    ];
    return [
      { value: 'copy', label: s('copyCsv') },
      ...(this.picture ? pictures : []),
      { value: 'csv', label: s('saveCsv') },
      { value: 'markdown', label: s('copyMarkdown') },
      { value: 'latex', label: s('copyLatex') },
    ];
  }

  private async pick(what: string): Promise<void> {
    const { table, picture, name } = this;
    if (!table) return;
    const write = { copy: toCsv, markdown: toMarkdown, latex: toLatex }[what];
    if (write !== undefined) {
      askPage(this, 'copy-text', write(table()));
      this.copied = true;
      setTimeout(() => (this.copied = false), 2000);
    } else if (what === 'csv') this.save({ name, format: 'csv', content: toCsv(table()) });
    else if (picture && what === 'svg') this.save({ name, format: 'svg', content: picture() });
    else if (picture) this.save({ name, format: 'png', content: await svgToPng(picture()) });
  }

  private save(detail: SaveDetail): void {
    askPage(this, 'save-file', detail);
  }
}
