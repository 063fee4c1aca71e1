import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, queryAll, state } from 'lit/decorators.js';
import { quietButton, sharedStyles } from './theme/shared-styles.js';

export interface MenuEntry {
  readonly value: string;
  readonly label: string;
  readonly disabled?: boolean;
  /** Whether a line stands above the entry. */
  readonly apart?: boolean;
}

/** A ⋯ button that opens a menu (WAI-ARIA menu button). Emits `pick` with the entry's value. */
@customElement('mmoe-menu')
export class Menu extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    css`
      :host {
        position: relative;
        display: inline-block;
      }
      .open {
        width: 22px;
        height: 20px;
        color: var(--dim);
        letter-spacing: 0.5px;
      }
      :host([big]) .open {
        width: auto;
        height: 26px;
        padding: 0 11px;
        border-radius: 2px;
        border-color: var(--vscode-contrastBorder, transparent);
        background: var(--button);
        color: var(--fg);
      }
      .open:hover {
        color: var(--fg);
        background: var(--vscode-toolbar-hoverBackground, transparent);
      }
      :host([big]) .open:hover {
        background: var(--button);
        opacity: 0.9;
      }
      .menu {
        position: absolute;
        right: 0;
        top: calc(100% + 3px);
        z-index: 10;
        min-width: 150px;
        padding: 4px;
        border: 1px solid var(--vscode-menu-border, var(--line));
        border-radius: 4px;
        background: var(--vscode-menu-background, var(--card));
        color: var(--vscode-menu-foreground, var(--fg));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      .menu button {
        display: block;
        width: 100%;
        text-align: left;
        white-space: nowrap;
        padding: 3px 18px 3px 10px;
        font-size: 12px;
      }
      .menu button:hover:enabled,
      .menu button:focus {
        background: var(--vscode-menu-selectionBackground, var(--chosen));
        color: var(--vscode-menu-selectionForeground, var(--chosen-fg));
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
      }
      hr {
        border: 0;
        border-top: 1px solid var(--vscode-menu-separatorBackground, var(--line));
        margin: 4px 0;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) items: readonly MenuEntry[] = [];
  @state() private open = false;
  @queryAll('[role=menuitem]:not(:disabled)') private readonly entries!: NodeListOf<HTMLElement>;

  override render() {
    return html`<button
        class="open"
        title=${this.label}
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${() => void this.toggle(!this.open)}
        @keydown=${this.onButtonKey}
      >
        ⋯
      </button>
      ${this.open ? this.menu() : nothing}`;
  }

  private menu() {
    return html`<div
      class="menu"
      role="menu"
      aria-label=${this.label}
      @keydown=${this.onKey}
      @focusout=${this.onFocusOut}
    >
      ${this.items.map(
        ({ value, label, disabled, apart }) =>
          html`${apart ? html`<hr role="separator" />` : nothing}<button
              role="menuitem"
              tabindex="-1"
              ?disabled=${disabled}
              @click=${() => this.pick(value)}
            >
              ${label}
            </button>`,
      )}
    </div>`;
  }

  private async toggle(open: boolean): Promise<void> {
    this.open = open;
    await this.updateComplete;
    if (open) this.entries[0]?.focus();
    else this.renderRoot.querySelector<HTMLElement>('.open')?.focus();
  }

  private pick(value: string): void {
    void this.toggle(false);
    this.dispatchEvent(new CustomEvent('pick', { detail: value }));
  }

  private readonly onButtonKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' || this.open) return;
    event.preventDefault();
    void this.toggle(true);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const entries = [...this.entries];
    const at = entries.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[
      event.key
    ];
    if (next !== undefined) entries[next % entries.length]?.focus();
    else if (event.key === 'Escape') void this.toggle(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onFocusOut = (event: FocusEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.renderRoot.contains(to)) this.open = false;
  };
}
