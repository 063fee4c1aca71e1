import { html } from 'lit';
import { ref } from 'lit/directives/ref.js';

export interface DropdownOption {
  readonly value: string;
  readonly label: string;
}

interface DropdownElement extends HTMLElement {
  value: string;
}

/** Returns a list to choose from. `otherwise`: what is shown where the chosen value is not there any more. */
export function dropdown(
  label: string,
  options: readonly DropdownOption[],
  chosen: string,
  otherwise: string,
  choose: (value: string) => void,
) {
  const at = options.some(({ value }) => value === chosen) ? chosen : otherwise;
  return html`<vscode-dropdown
    aria-label=${label}
    title=${label}
    ${ref((element) => keepValue(element, at))}
    @change=${(event: Event) => choose((event.target as DropdownElement).value)}
  >
    ${options.map(
      ({ value, label: text }) =>
        html`<vscode-option value=${value} ?selected=${value === at}>${text}</vscode-option>`,
    )}
  </vscode-dropdown>`;
}

/** Sets the value a moment later, because the toolkit reads its options only after they are there. */
function keepValue(element: Element | undefined, value: string): void {
  if (!element) return;
  queueMicrotask(() => {
    const dropdown = element as DropdownElement;
    if (dropdown.value !== value) dropdown.value = value;
  });
}
