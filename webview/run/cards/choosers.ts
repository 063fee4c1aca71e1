import { html, nothing } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { formatCount } from '../../../src/shared/numbers.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { allRows, type GroupChoice } from '../../charts/routes/routes-data.js';
import { s } from '../../strings.js';
import { levelText } from './route-texts.js';

/** Returns a list of the levels of a stacked network; nothing where there is only one. */
export function levelChooser(
  network: NonNullable<RunManifest['network']>,
  level: number,
  choose: (level: number) => void,
) {
  if (network.levels.length < 2) return nothing;
  return dropdown(
    s('level'),
    network.levels.map((_, index) => ({ value: String(index), label: levelText(network, index) })),
    String(level),
    (value) => choose(Number(value)),
  );
}

/** Returns a list of the groups of validation rows; nothing where there is only one. */
export function groupChooser(groups: readonly GroupChoice[], chosen: string, choose: (key: string) => void) {
  if (groups.length < 2) return nothing;
  return dropdown(
    s('group'),
    groups.map(({ key, where, rows }) => ({
      value: key,
      label:
        where === null ? s('groupAll') : `${s('groupOf', where.task, where.label)} (${formatCount(rows)})`,
    })),
    chosen,
    choose,
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

interface DropdownElement extends HTMLElement {
  value: string;
}

function dropdown(
  label: string,
  options: readonly Option[],
  chosen: string,
  choose: (value: string) => void,
) {
  const at = options.some(({ value }) => value === chosen) ? chosen : allRows;
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
