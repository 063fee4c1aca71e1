import { css, html, svg } from 'lit';
import { dashOf, lineVariable } from '../../charts/curves/line-look.js';
import { s } from '../../strings.js';
import { toggled } from '../../ui/page/page-state.js';
import { styled } from '../../ui/theme/styled.js';
import { chooseOnComparePage, type ComparePageState } from '../model/compare-page-state.js';
import type { ComparisonRow } from '../model/comparison-rows.js';

export const rowHeadStyles = css`
  .head {
    display: flex;
    gap: 6px;
    align-items: center;
    min-width: 0;
  }
  .swatch {
    flex: none;
    width: 26px;
    height: 18px;
    display: grid;
    place-items: center;
    border-radius: 3px;
  }
  .swatch:hover,
  .name:hover {
    background: var(--vscode-toolbar-hoverBackground, transparent);
  }
  .swatch svg {
    width: 20px;
    height: 6px;
  }
  .swatch line {
    stroke-width: 3;
  }
  .swatch[aria-pressed='false'] line {
    opacity: 0.25;
  }
  .name {
    text-align: left;
    padding: 0 4px;
    margin-left: -2px;
    overflow-wrap: anywhere;
  }
  .name[aria-pressed='true'] {
    font-weight: 600;
  }
  tr.lit > *,
  tr.lit > th:first-child {
    background: color-mix(in srgb, var(--chosen) 45%, var(--card));
  }
`;

/**
 * Returns the head of a row: its line, a button that hides and shows its curves, and its name, a button that
 * brings them before all others.
 */
export function rowHead(
  from: HTMLElement,
  { key, label, line }: ComparisonRow,
  { hidden, lit }: ComparePageState,
) {
  const isShown = !hidden.includes(key);
  return html`<span class="head">
    <button
      class="swatch"
      aria-pressed=${isShown}
      aria-label=${s('hideLine', label)}
      title=${s('hideLine', label)}
      @click=${() => chooseOnComparePage(from, { hidden: toggled(hidden, key, isShown) })}
    >
      <svg viewBox="0 0 20 6" aria-hidden="true">
        ${svg`<line x1="0" y1="3" x2="20" y2="3" ${styled({
          stroke: lineVariable('runs', line),
          'stroke-dasharray': dashOf('runs', line).join(' ') || 'none',
        })}></line>`}
      </svg>
    </button>
    <button
      class="name"
      aria-pressed=${lit === key}
      title=${s('lightLine', label)}
      @click=${() => chooseOnComparePage(from, { lit: lit === key ? null : key })}
    >
      ${label}
    </button>
  </span>`;
}
