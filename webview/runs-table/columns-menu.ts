import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { s } from '../strings.js';
import { toggled } from '../ui/page/page-state.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import type { TableColumn } from './model/table-columns.js';
import { chooseInTable } from './model/table-state.js';

/** Lists all columns, to tick those that are shown. */
@customElement('mmoe-columns-menu')
export class ColumnsMenu extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
      }
      .panel {
        position: absolute;
        right: 0;
        top: calc(100% + 3px);
        z-index: 10;
        width: max-content;
        max-width: 80vw;
        max-height: 60vh;
        overflow: auto;
        padding: 6px 12px 8px;
        border: 1px solid var(--vscode-menu-border, var(--line));
        border-radius: 4px;
        background: var(--vscode-menu-background, var(--card));
        color: var(--vscode-menu-foreground, var(--fg));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      label {
        display: flex;
        gap: 8px;
        align-items: center;
        padding: 2px 0;
        cursor: pointer;
      }
      input {
        accent-color: var(--vscode-button-background, #0078d4);
        margin: 0;
      }
      vscode-button[appearance='secondary'] {
        background: var(--button);
        color: var(--fg);
      }
      .usual {
        margin-top: 6px;
      }
    `,
  ];

  @property({ attribute: false }) columns: readonly TableColumn[] = [];
  /** Ids of the columns that are shown. */
  @property({ attribute: false }) shown: readonly string[] = [];
  @property({ type: Boolean }) chosen = false;
  @state() private isOpen = false;

  override render() {
    return html`<vscode-button
        appearance="secondary"
        aria-haspopup="dialog"
        aria-expanded=${this.isOpen}
        @click=${() => void this.toggle(!this.isOpen)}
      >
        ${s('columns')}
      </vscode-button>
      ${this.isOpen ? this.panel() : nothing}`;
  }

  private panel() {
    return html`<div
      class="panel"
      role="dialog"
      aria-label=${s('columns')}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') void this.toggle(false);
      }}
      @focusout=${(event: FocusEvent) => {
        if (!(event.currentTarget as Element).contains(event.relatedTarget as Node | null))
          this.isOpen = false;
      }}
    >
      ${this.columns
        .filter(({ id }) => id !== 'name')
        .map(
          ({ id, label, title }) =>
            html`<label title=${title}>
              <input
                type="checkbox"
                .checked=${this.shown.includes(id)}
                @change=${(event: Event) => this.show(id, (event.target as HTMLInputElement).checked)}
              />
              ${label}
            </label>`,
        )}
      ${
        this.chosen
          ? html`<vscode-button
              class="usual"
              appearance="secondary"
              @click=${() => chooseInTable(this, { columns: null })}
            >
              ${s('usualColumns')}
            </vscode-button>`
          : nothing
      }
    </div>`;
  }

  private async toggle(isOpen: boolean): Promise<void> {
    this.isOpen = isOpen;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(isOpen ? 'input' : 'vscode-button')?.focus();
  }

  /** A column comes back to the place that it has among all. */
  private show(id: string, on: boolean): void {
    const wanted = toggled(this.shown, id, on);
    const columns = this.columns.map((column) => column.id).filter((one) => wanted.includes(one));
    chooseInTable(this, { columns });
  }
}
