import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { quietButton, sharedStyles } from './theme/shared-styles.js';

export interface SegmentChoice {
  readonly value: string;
  readonly label: string;
}

/** A few choices side by side: a radio group with one tab stop. Emits `choose` with the chosen value. */
@customElement('mmoe-segment')
export class Segment extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    css`
      :host {
        display: inline-flex;
        max-width: 100%;
      }
      div {
        display: inline-flex;
        flex-wrap: wrap;
        border: 1px solid var(--line);
        border-radius: 3px;
      }
      button {
        border: 0;
        border-radius: 2px;
        padding: 1px 8px;
        font-size: 11px;
        line-height: 1.45;
        font-weight: 400;
        color: var(--dim);
      }
      button:hover {
        color: var(--fg);
      }
      button[aria-checked='true'] {
        color: var(--chosen-fg);
        background: var(--chosen);
      }
      button:focus-visible {
        outline: 1px solid var(--vscode-focusBorder, #0078d4);
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) choices: readonly SegmentChoice[] = [];
  @property() value = '';

  override render() {
    const chosen = Math.max(
      0,
      this.choices.findIndex(({ value }) => value === this.value),
    );
    return html`<div role="radiogroup" aria-label=${this.label} @keydown=${this.onKey}>
      ${this.choices.map(
        ({ value, label }, index) =>
          html`<button
            role="radio"
            aria-checked=${index === chosen}
            tabindex=${index === chosen ? 0 : -1}
            @click=${() => this.choose(value)}
          >
            ${label}
          </button>`,
      )}
    </div>`;
  }

  private choose(value: string): void {
    if (value !== this.value) this.dispatchEvent(new CustomEvent('choose', { detail: value }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const move = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const at = this.choices.findIndex(({ value }) => value === this.value);
    const next = (at + move + this.choices.length) % this.choices.length;
    this.choose(this.choices[next]!.value);
    this.renderRoot.querySelectorAll('button')[next]?.focus();
  };
}
