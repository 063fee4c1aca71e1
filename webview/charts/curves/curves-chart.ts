import { Chart, type Point } from 'chart.js';
import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { s } from '../../strings.js';
import { sharedStyles, quietButton } from '../../ui/theme/shared-styles.js';
import { theme } from '../../ui/theme/theme.js';
import { renderTip, tipStyles } from '../../ui/tip.js';
import { ChartElement } from '../chart-element.js';
import { curveLabel } from './curve-metrics.js';
import { curvesConfig, curvesSvg, type CurvesPicture } from './curves-config.js';
import { curvesTip } from './curves-tip.js';
import { panView, zoomView, type CurvesView } from './curves-view.js';
import { readCurves, type Curves, type CurvesKey } from './curves.js';
import type { Palette } from './line-look.js';

const height = 300;

/** The chart of curves over training. Wheel and drag belong to the page until the chart has the focus. */
@customElement('mmoe-curves')
export class CurvesChart extends ChartElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    tipStyles,
    css`
      .plot {
        height: 300px;
        border-radius: 2px;
      }
      canvas {
        display: block;
      }
      .reset {
        position: absolute;
        top: 0;
        left: 56px;
        font-size: 11px;
        padding: 1px 8px;
        border-color: var(--line);
        background: var(--card);
      }
    `,
  ];

  @property({ attribute: false }) curves: Curves | null = null;
  /** [lines] The name of each line. */
  @property({ attribute: false }) names: readonly string[] = [];
  @property() palette: Palette = 'tasks';
  /** The line that stands out; null: none does. */
  @property({ attribute: false }) lit: number | null = null;
  /** Words for the key above the chart. */
  @property({ attribute: false }) key: CurvesKey = {};
  @property({ type: Boolean }) log = false;
  @state() private view: CurvesView | null = null;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  @query('.plot') private readonly plot!: HTMLElement;

  private chart: Chart<'line', Point[]> | null = null;
  private drawn: readonly unknown[] = [];
  private crosshair: number | null = null;
  private dragged: { x: number; y: number } | null = null;

  picture(): string {
    return curvesSvg(this.describe(), height);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.chart?.destroy();
    this.chart = null;
  }

  override render() {
    const label = this.curves ? s('curvesLabel', curveLabel(this.curves.metric), s(this.curves.axis)) : '';
    return html`<div
        class="plot"
        role="application"
        tabindex="0"
        aria-label=${label}
        @keydown=${this.onKey}
        @blur=${this.forget}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${() => (this.dragged = null)}
        @pointerleave=${this.forget}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      ${
        this.view
          ? html`<button class="reset" @click=${() => (this.view = null)}>${s('resetZoom')}</button>`
          : nothing
      }
      ${renderTip(this.tip, this.width)}`;
  }

  protected override firstUpdated(): void {
    // The listener is not passive, because the wheel must not scroll the page while it zooms.
    this.plot.addEventListener('wheel', (event) => this.onWheel(event), { passive: false });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('curves');
    if (before && this.curves && (before.metric !== this.curves.metric || before.axis !== this.curves.axis))
      this.view = null;
    if (changed.has('log') && this.hasUpdated) this.view = null;
  }

  protected override updated(): void {
    if (this.width > 0 && this.curves) this.draw();
  }

  private describe(): CurvesPicture {
    const { curves, names, palette, lit, key, log, view, width } = this;
    return { curves: curves!, names, palette, lit, key, log, view, width, theme: theme() };
  }

  private draw(): void {
    const picture = this.describe();
    const parts = [picture.curves, picture.lit, picture.log, picture.view, picture.width, picture.theme];
    if (this.chart && parts.every((part, index) => part === this.drawn[index])) {
      this.chart.draw();
      return;
    }
    this.drawn = parts;
    const { type, ...config } = curvesConfig(picture, () => ({ crosshair: this.crosshair }));
    // A chart's plugins are fixed when it is made, and they hold what is drawn. A new chart is cheap.
    this.chart?.destroy();
    this.canvas.width = this.width;
    this.canvas.height = height;
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${height}px`;
    this.chart = new Chart<'line', Point[]>(this.canvas, { type, ...config });
  }

  private get focused(): boolean {
    return this.shadowRoot?.activeElement === this.plot;
  }

  private readonly onWheel = (event: WheelEvent): void => {
    if (!this.focused || !this.chart) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, this.share(event));
  };

  private zoom(factor: number, at: { x: number; y: number }): void {
    this.view = zoomView(this.shown(), factor, at, this.log);
  }

  /** Returns where in the plot the pointer is, 0 … 1 from the left and from the bottom. */
  private share({ clientX, clientY }: MouseEvent): { x: number; y: number } {
    const { left, top } = this.plot.getBoundingClientRect();
    const { chartArea } = this.chart!;
    return {
      x: (clientX - left - chartArea.left) / (chartArea.right - chartArea.left),
      y: 1 - (clientY - top - chartArea.top) / (chartArea.bottom - chartArea.top),
    };
  }

  private shown(): CurvesView {
    const { x, y } = this.chart!.scales;
    return { x: [x!.min, x!.max], y: [y!.min, y!.max] };
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (!this.focused || !this.chart || event.button !== 0) return;
    this.dragged = this.share(event);
    this.plot.setPointerCapture(event.pointerId);
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (!this.chart || !this.curves) return;
    const at = this.share(event);
    if (this.dragged) {
      this.view = panView(this.shown(), { x: this.dragged.x - at.x, y: this.dragged.y - at.y }, this.log);
      this.dragged = at;
      this.forget();
    } else if (at.x >= -0.02 && at.x <= 1.02) {
      const { top } = this.plot.getBoundingClientRect();
      this.read(
        this.chart.scales['x']!.min + at.x * (this.chart.scales['x']!.max - this.chart.scales['x']!.min),
        event.clientY - top + 12,
      );
    } else this.forget();
  };

  private read(x: number, top: number): void {
    const reading = this.curves && readCurves(this.curves, x);
    if (!reading || !this.curves || !this.chart) return;
    this.crosshair = reading.x;
    const tip = curvesTip(this.curves, reading, { names: this.names, palette: this.palette, lit: this.lit });
    this.tip = {
      ...tip,
      x: this.chart.scales['x']!.getPixelForValue(reading.x),
      y: Math.min(top, Math.max(0, height - 40 - 17 * tip.rows.length)),
    };
  }

  private readonly forget = (): void => {
    this.crosshair = null;
    this.tip = null;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.chart || !this.curves || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (move !== undefined) this.readNext(move);
    else if (event.key === '+' || event.key === '=') this.zoom(1.3, { x: 0.5, y: 0.5 });
    else if (event.key === '-') this.zoom(1 / 1.3, { x: 0.5, y: 0.5 });
    else if (event.key === '0') this.view = null;
    else if (event.key === 'Escape') this.forget();
    else return;
    event.preventDefault();
  };

  /** Reads the next place on the longest line. */
  private readNext(move: number): void {
    const places = this.curves!.series.reduce<readonly number[]>(
      (longest, { x }) => (x.length > longest.length ? x : longest),
      [],
    );
    if (places.length === 0) return;
    const at = this.crosshair === null ? places.length - (move < 0 ? 0 : 1) : places.indexOf(this.crosshair);
    this.read(places[Math.min(places.length - 1, Math.max(0, at + move))]!, 30);
  }
}
