import type { PageState } from './page-state.js';

/** What a card asks the page to remember. */
export function chooseState(from: HTMLElement, change: Partial<PageState>): void {
  from.dispatchEvent(new CustomEvent('remember', { detail: change, bubbles: true, composed: true }));
}
