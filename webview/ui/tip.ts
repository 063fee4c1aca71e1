import { css, html, nothing, type TemplateResult } from 'lit';
import { styled } from './theme/styled.js';

/** The values at the place that the pointer or the arrow keys have found. */
export interface Tip {
  /** Place in the chart, pixels. */
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly rows: readonly {
    readonly colour: string | null;
    readonly label: string;
    readonly value: string;
  }[];
}

const tipWidth = 220;

export const tipStyles = css`
  :host {
    position: relative;
  }
  .tip {
    position: absolute;
    z-index: 2;
    pointer-events: none;
    max-width: 260px;
    padding: 5px 8px;
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--line));
    border-radius: 3px;
    background: var(--vscode-editorHoverWidget-background, var(--card));
    color: var(--vscode-editorHoverWidget-foreground, var(--fg));
    font-size: 11px;
    line-height: 1.5;
    font-variant-numeric: tabular-nums;
  }
  .tip div {
    display: flex;
    gap: 6px;
    align-items: center;
    white-space: nowrap;
  }
  .tip i {
    width: 7px;
    height: 7px;
    border-radius: 4px;
    flex: none;
  }
  .tip span {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .tip b {
    font-weight: 600;
  }
`;

/**
 * Draws the tip beside its place, on the side where there is room. Screen readers read its text from a live
 * region.
 */
export function renderTip(tip: Tip | null, width: number): TemplateResult {
  const text =
    tip === null ? '' : [tip.title, ...tip.rows.map(({ label, value }) => `${label} ${value}`)].join(', ');
  return html`<div class="hidden-but-read" aria-live="polite">${text}</div>
    ${tip === null ? nothing : bubble(tip, width)}`;
}

const swatch = (colour: string | null) =>
  colour === null ? nothing : html`<i ${styled({ background: colour })}></i>`;

function bubble({ x, y, title, rows }: Tip, width: number): TemplateResult {
  const onLeft = x + tipWidth > width && x > width / 2;
  const place = {
    top: `${Math.max(0, y)}px`,
    left: onLeft ? 'auto' : `${x + 12}px`,
    right: onLeft ? `${width - x + 12}px` : 'auto',
  };
  return html`<div class="tip" aria-hidden="true" ${styled(place)}>
    <b>${title}</b>
    ${rows.map(({ colour, label, value }) => html`<div>${swatch(colour)}<span>${label}</span>${value}</div>`)}
  </div>`;
}
