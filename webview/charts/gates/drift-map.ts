import { css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatWeight } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { taskVariable, theme } from '../../ui/theme/theme.js';
import { renderTip, tipStyles, type Tip } from '../../ui/tip.js';
import { ChartElement } from '../chart-element.js';
import { expertTitle } from '../routes/tip-texts.js';
import { svgContext } from '../svg-context.js';
import type { Drift } from './drift-data.js';
import { cellAt, drawDrift, layoutDrift, type DriftCell, type DriftLayout } from './drift-drawing.js';

/**
 * The mean weights over the epochs, a heat map for each stream. It is drawn on a canvas because there can be
 * tens of thousands of cells.
 */
@customElement('mmoe-drift')
export class DriftMap extends ChartElement {
  static override readonly styles = [
    sharedStyles,
    tipStyles,
    css`
      canvas {
        display: block;
      }
    `,
  ];

  @property({ attribute: false }) drift: Drift | null = null;
  @state() private cell: DriftCell | null = null;
  @query('canvas') private readonly canvas!: HTMLCanvasElement | null;
  private drawn: readonly unknown[] = [];

  picture(): string {
    const layout = layoutDrift(this.drift!, this.width);
    const context = svgContext(layout.width, layout.height);
    drawDrift(context, this.drift!, layout, theme());
    return context.getSerializedSvg();
  }

  override render() {
    const { drift, width } = this;
    if (!drift || width === 0) return nothing;
    const layout = layoutDrift(drift, width);
    return html`<div
        role="application"
        tabindex="0"
        aria-label=${s('driftLabel')}
        @keydown=${this.onKey}
        @blur=${() => (this.cell = null)}
        @pointermove=${this.onMove}
        @pointerleave=${() => (this.cell = null)}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      ${renderTip(this.tipOf(drift, layout), width)}`;
  }

  protected override updated(): void {
    const { canvas, drift, width } = this;
    const parts = [drift, width, theme(), canvas, devicePixelRatio];
    if (!canvas || !drift || parts.every((part, index) => part === this.drawn[index])) return;
    this.drawn = parts;
    const layout = layoutDrift(drift, width);
    canvas.width = Math.round(layout.width * devicePixelRatio);
    canvas.height = Math.round(layout.height * devicePixelRatio);
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    const context = canvas.getContext('2d')!;
    context.scale(devicePixelRatio, devicePixelRatio);
    drawDrift(context, drift, layout, theme());
  }

  private tipOf({ streams, epochs, experts }: Drift, layout: DriftLayout): Tip | null {
    const { cell } = this;
    const stream = cell && streams[cell.stream];
    const map = cell && layout.maps[cell.stream];
    const epoch = cell && layout.columns[cell.column];
    if (!stream || !map || epoch === undefined || epoch === null) return null;
    return {
      x: map.x + (cell.column + 0.5) * layout.cellWidth,
      y: map.y + cell.expert * layout.cellHeight + 6,
      title: `${expertTitle(experts[cell.expert]!)} · ${s('atEpoch', epochs[epoch]!)}`,
      rows: [
        {
          colour: taskVariable(stream.task),
          label: stream.name,
          value: formatWeight(stream.weights[cell.expert]?.[epoch]),
        },
      ],
    };
  }

  private readonly onMove = (event: PointerEvent): void => {
    const { canvas, drift, width } = this;
    if (!canvas || !drift) return;
    const { left, top } = canvas.getBoundingClientRect();
    this.cell = cellAt(
      layoutDrift(drift, width),
      drift.experts.length,
      event.clientX - left,
      event.clientY - top,
    );
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const { drift, width, cell } = this;
    if (!drift || drift.epochs.length === 0) return;
    const columns = layoutDrift(drift, width).columns.length;
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0;
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
    if (event.key === 'Escape') this.cell = null;
    else if (aside === 0 && down === 0) return;
    else if (cell === null) this.cell = { stream: 0, expert: 0, column: columns - 1 };
    else {
      // Up and down go on from one map to the next.
      const experts = drift.experts.length;
      const rows = experts * drift.streams.length;
      const row = (cell.stream * experts + cell.expert + down + rows) % rows;
      const column = Math.min(columns - 1, Math.max(0, cell.column + aside));
      this.cell = { stream: Math.floor(row / experts), expert: row % experts, column };
    }
    event.preventDefault();
  };
}
