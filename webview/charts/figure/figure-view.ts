import { css, html, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import {
  paperLook,
  shown,
  svgFile,
  type Figure,
  type Look,
  type Mark,
  type Shape,
} from '../../../src/shared/figures/figure.js';
import { s } from '../../strings.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { theme } from '../../ui/theme/theme.js';
import { renderTip, tipStyles, type Tip } from '../../ui/tip.js';
import { ChartElement } from '../chart-element.js';

/** Draws a figure of a width, in pixels. */
export type DrawFigure = (width: number, look: Look) => Figure;

declare global {
  interface HTMLElementEventMap {
    /** The key of the training that was chosen; null: none is any more. */
    'pick-line': CustomEvent<string | null>;
  }
}

/** Saved figures are as wide as a page of text. */
const paperWidth = 760;
/** How near the pointer must be to a mark, pixels. */
const reach = 14;

/**
 * A figure that the program could have written, in the colours of the theme. The pointer and the arrow keys find its
 * marks; a click or Enter on one that is a training asks the page to `pick-line`.
 */
@customElement('mmoe-figure')
export class FigureView extends ChartElement {
  static override readonly styles = [
    sharedStyles,
    tipStyles,
    css`
      svg {
        display: block;
        max-width: 100%;
      }
      .area {
        border-radius: 2px;
        user-select: none;
      }
      .canPick {
        cursor: pointer;
      }
      .ring {
        fill: none;
        stroke: var(--fg);
        stroke-width: 1.5;
        pointer-events: none;
      }
    `,
  ];

  @property({ attribute: false }) draw: DrawFigure | null = null;
  @property() label = '';
  /** The key of the training that is chosen; null: none. */
  @property({ attribute: false }) picked: string | null = null;
  /** Another place is found by arrow keys and the pointer. */
  @state() private at: number | null = null;
  @query('svg') private readonly svg!: SVGSVGElement;
  private figure: Figure | null = null;
  private drawn: readonly unknown[] = [];

  picture(): string {
    return this.draw === null ? '' : svgFile(this.draw(paperWidth, paperLook), paperLook);
  }

  override render() {
    const mark = this.mark();
    return html`<div
        class="area ${mark !== null && mark.run !== null ? 'canPick' : ''}"
        role="application"
        tabindex="0"
        aria-label=${this.label}
        @pointermove=${this.onMove}
        @pointerleave=${() => (this.at = null)}
        @blur=${() => (this.at = null)}
        @click=${this.pick}
        @keydown=${this.onKey}
      >
        <svg aria-hidden="true"></svg>
      </div>
      ${renderTip(mark === null ? null : tipOf(mark), this.width)}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { draw, width } = this;
    if (draw === null || width === 0) return;
    const look = themeLook();
    const wanted = [draw, width, JSON.stringify(look)];
    if (wanted.some((one, i) => one !== this.drawn[i])) {
      this.drawn = wanted;
      this.figure = draw(width, look);
      const { height, shapes } = this.figure;
      for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` }))
        this.svg.setAttribute(name, String(value));
      this.svg.replaceChildren(...shapes.map(element));
    }
    this.ring();
  }

  /** Rings the mark that is found, and those of the training that is chosen. */
  private ring(): void {
    for (const old of this.svg.querySelectorAll('.ring')) old.remove();
    const found = this.mark();
    const chosen = this.figure?.marks.filter(({ run }) => run !== null && run === this.picked) ?? [];
    for (const { x, y } of [...chosen, ...(found === null ? [] : [found])])
      this.svg.append(element({ tag: 'circle', attributes: { cx: x, cy: y, r: 5, class: 'ring' } }));
  }

  private mark(): Mark | null {
    return this.at === null ? null : (this.figure?.marks[this.at] ?? null);
  }

  private readonly onMove = (event: PointerEvent): void => {
    const { left, top } = this.svg.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    let [nearest, distance] = [-1, reach];
    this.figure?.marks.forEach((mark, index) => {
      const apart = Math.hypot(mark.x - x, mark.y - y);
      if (apart < distance) [nearest, distance] = [index, apart];
    });
    this.at = nearest < 0 ? null : nearest;
  };

  private readonly pick = (): void => {
    const run = this.mark()?.run ?? null;
    if (run === null) return;
    this.dispatchEvent(
      new CustomEvent('pick-line', {
        detail: run === this.picked ? null : run,
        bubbles: true,
        composed: true,
      }),
    );
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const count = this.figure?.marks.length ?? 0;
    if (count === 0) return;
    if (event.key === 'Enter') this.pick();
    const at = this.at ?? -1;
    const next = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at < 0 ? count - 1 : at - 1,
      ArrowUp: at < 0 ? count - 1 : at - 1,
      PageDown: at + 20,
      PageUp: at - 20,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.at = Math.min(count - 1, Math.max(0, next));
  };
}

function tipOf({ x, y, title, rows, colour, run }: Mark): Tip {
  const lines = rows.map(([label, value], i) => ({ colour: i === 0 ? colour : null, label, value }));
  const hint = run === null ? [] : [{ colour: null, label: s('clickForRun'), value: '' }];
  return { x, y, title, rows: [...lines, ...hint] };
}

function element({ tag, attributes, text, children = [] }: Shape): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, shown(value));
  if (text !== undefined) made.textContent = text;
  made.append(...children.map(element));
  return made;
}

function themeLook(): Look {
  const { font, foreground, dim, grid, card, runs } = theme();
  return { font, text: foreground, dim, grid, paper: card, colours: runs };
}
