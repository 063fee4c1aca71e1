import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { s } from '../strings.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import type { Found } from './model/table-feed.js';

/** Typing waits this long before the table follows. */
const pauseMilliseconds = 120;

/**
 * The box that a query is typed into (WAI-ARIA combobox): below it what may come next, beside it what is wrong.
 * Emits `query` with the text, while it is typed.
 */
@customElement('mmoe-query-box')
export class QueryBox extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
        flex: 1 1 320px;
        min-width: 0;
      }
      input {
        width: 100%;
        height: 27px;
        padding: 0 9px;
        font: inherit;
        color: var(--vscode-input-foreground, var(--fg));
        background: var(--vscode-input-background, var(--card));
        border: 1px solid var(--vscode-input-border, var(--line));
        border-radius: 2px;
      }
      input::placeholder {
        color: var(--vscode-input-placeholderForeground, var(--dim));
      }
      input[aria-invalid='true'] {
        border-color: var(--bad);
      }
      .problem {
        margin-top: 3px;
        color: var(--bad);
        font-size: 12px;
      }
      ul {
        position: absolute;
        z-index: 10;
        top: 28px;
        left: 0;
        min-width: 220px;
        max-height: 240px;
        overflow: auto;
        margin: 0;
        padding: 4px;
        list-style: none;
        border: 1px solid var(--vscode-menu-border, var(--line));
        border-radius: 4px;
        background: var(--vscode-menu-background, var(--card));
        color: var(--vscode-menu-foreground, var(--fg));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      li {
        padding: 2px 10px;
        cursor: pointer;
        white-space: nowrap;
      }
      li[aria-selected='true'],
      li:hover {
        background: var(--vscode-menu-selectionBackground, var(--chosen));
        color: var(--vscode-menu-selectionForeground, var(--chosen-fg));
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent);
      }
    `,
  ];

  @property() query = '';
  @property({ attribute: false }) found: Found | null = null;
  /** What stands in the box; what is asked for follows after a pause. */
  @state() private text = '';
  @state() private isOpen = false;
  /** The number of the completion that is marked; −1: none. */
  @state() private marked = -1;
  private pause = 0;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('query') && this.query !== changed.get('query')) this.text = this.query;
  }

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const { found, marked } = this;
    const problem = found?.query === this.text ? found.problem : null;
    const isOpen = this.isOpen && this.completions.length > 0;
    return html`<input
        role="combobox"
        aria-label=${s('filterRuns')}
        aria-autocomplete="list"
        aria-expanded=${isOpen}
        aria-controls="completions"
        aria-invalid=${problem !== null}
        aria-describedby=${problem === null ? nothing : 'problem'}
        aria-activedescendant=${isOpen && marked >= 0 ? `completion-${marked}` : nothing}
        placeholder=${s('filterExample')}
        spellcheck="false"
        autocomplete="off"
        .value=${this.text}
        @input=${this.onInput}
        @keydown=${this.onKey}
        @focusout=${() => (this.isOpen = false)}
      />
      ${problem === null ? nothing : html`<div class="problem" id="problem">${problem.message}</div>`}
      <ul id="completions" role="listbox" aria-label=${s('completions')} ?hidden=${!isOpen}>
        ${
          isOpen
            ? this.completions.map(
                ({ label, text }, index) =>
                  html`<li
                    id="completion-${index}"
                    role="option"
                    aria-selected=${index === marked}
                    @mousedown=${(event: Event) => {
                      event.preventDefault();
                      this.take(text);
                    }}
                  >
                    ${label}
                  </li>`,
              )
            : nothing
        }
      </ul>`;
  }

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  /** Those of the text as it stands; none while an answer is awaited. */
  private get completions(): Found['completions'] {
    return this.found !== null && this.found.query === this.text ? this.found.completions : [];
  }

  private readonly onInput = (event: Event): void => this.take((event.target as HTMLInputElement).value);

  private take(text: string): void {
    this.text = text;
    this.isOpen = true;
    this.marked = -1;
    window.clearTimeout(this.pause);
    this.pause = window.setTimeout(() => this.ask(), pauseMilliseconds);
  }

  private ask(): void {
    window.clearTimeout(this.pause);
    this.dispatchEvent(new CustomEvent('query', { detail: this.text }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { completions } = this;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const marked = completions[this.marked];
    if (move !== undefined && completions.length > 0) {
      const count = completions.length;
      this.marked = this.isOpen
        ? (this.marked + move + count + (this.marked < 0 && move < 0 ? 1 : 0)) % count
        : 0;
      this.isOpen = true;
    } else if ((event.key === 'Enter' || event.key === 'Tab') && this.isOpen && marked !== undefined)
      this.take(marked.text);
    else if (event.key === 'Enter') {
      this.isOpen = false;
      this.ask();
      return;
    } else if (event.key === 'Escape' && this.isOpen) this.isOpen = false;
    else if (event.key === 'Escape' && this.text !== '') this.take('');
    else return;
    event.preventDefault();
  };
}
