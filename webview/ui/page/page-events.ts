/** A card that was folded or unfolded, or whose table was shown or hidden. */
export interface CardSwitch {
  /** The name by which the page remembers the card. */
  readonly card: string;
  readonly on: boolean;
}

/** A chart or its table as a file. */
export interface SaveDetail {
  /** The file's name, without its extension. */
  readonly name: string;
  readonly format: 'png' | 'svg' | 'csv';
  /** Text for SVG and CSV, base64 for PNG. */
  readonly content: string;
}

declare global {
  interface HTMLElementEventMap {
    fold: CustomEvent<CardSwitch>;
    'show-table': CustomEvent<CardSwitch>;
    'save-file': CustomEvent<SaveDetail>;
    'copy-text': CustomEvent<string>;
    /** The fields of the page's state that were chosen anew. */
    remember: CustomEvent<object>;
  }
}

type Detail<Type extends keyof HTMLElementEventMap> =
  HTMLElementEventMap[Type] extends CustomEvent<infer Value> ? Value : never;

/** Asks the page, from a part of it: the event crosses the shadow borders, and only the page posts. */
export function askPage<Type extends keyof HTMLElementEventMap>(
  from: HTMLElement,
  type: Type,
  detail: Detail<Type>,
): void {
  from.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

/** Returns the function with which parts of a page change the page's state. */
export const stateChooser =
  <State extends object>() =>
  (from: HTMLElement, change: Partial<State>): void =>
    askPage(from, 'remember', change);
