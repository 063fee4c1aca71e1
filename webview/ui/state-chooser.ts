/** How the cards of a page ask it to remember something that a person has chosen there. */
export const stateChooser =
  <State>() =>
  (from: HTMLElement, change: Partial<State>): void => {
    from.dispatchEvent(new CustomEvent('remember', { detail: change, bubbles: true, composed: true }));
  };
