import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  axisPlaces,
  brushShare,
  parallelFigure,
  type Axis,
  type Brush,
} from '../../../src/shared/study/figures/parallel.js';
import type { StudyLine } from '../../../src/shared/study/line.js';
import './figure-view.js';
import type { DrawFigure, FigureView } from './figure-view.js';
import { s } from '../../strings.js';
import { stateChooser } from '../../ui/page/page-events.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';

/** How near to an axis a drag must begin, pixels. */
const reach = 24;
/** How much of an axis a key takes. */
const keyStep = 0.1;

/** The page keeps which trainings are left out. */
const remember = stateChooser<{ readonly brushes: readonly Brush[] }>();

/** All settings side by side: a drag along an axis, or its buttons, leaves out the trainings beyond. */
@customElement('mmoe-parallel')
export class ParallelPlot extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    css`
      .brushes {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        font-size: 11px;
        color: var(--dim);
        margin-top: 4px;
      }
      .brushes span {
        display: inline-flex;
        gap: 2px;
        align-items: center;
      }
      .brushes button {
        border-color: var(--line);
        min-width: 24px;
        height: 24px;
        padding: 0 6px;
      }
    `,
  ];

  @property({ attribute: false }) axes: readonly Axis[] = [];
  @property({ attribute: false }) lines: readonly StudyLine[] = [];
  @property({ attribute: false }) brushes: readonly Brush[] = [];
  @property({ attribute: false }) picked: string | null = null;
  @query('mmoe-figure') private readonly figure!: FigureView;
  private draw: DrawFigure | null = null;
  private dragged: { readonly axis: string; readonly from: number } | null = null;

  picture(): string {
    return this.figure.picture();
  }

  protected override willUpdate(): void {
    const { axes, lines, brushes } = this;
    this.draw = (width, look) => parallelFigure(axes, lines, brushes, width, look);
  }

  override render() {
    return html`<mmoe-figure
        .draw=${this.draw}
        .picked=${this.picked}
        label=${s('allSettings')}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${() => (this.dragged = null)}
        @pointercancel=${() => (this.dragged = null)}
      ></mmoe-figure>
      <div class="brushes">
        ${this.axes.map((axis) => this.controls(axis))}
        ${
          this.brushes.length === 0
            ? nothing
            : html`<button @click=${() => remember(this, { brushes: [] })}>${s('brushNone')}</button>`
        }
      </div>`;
  }

  /** Buttons that narrow an axis from below and from above, for who does not drag. */
  private controls({ name, label }: Axis) {
    const { from, to } = this.brushes.find(({ axis }) => axis === name) ?? { from: 0, to: 1 };
    return html`<span>
      ${label}
      <button
        aria-label=${s('brushUp', label)}
        title=${s('brushUp', label)}
        @click=${() => this.brush({ axis: name, from: Math.min(to - keyStep, from + keyStep), to })}
      >
        ⤒
      </button>
      <button
        aria-label=${s('brushDown', label)}
        title=${s('brushDown', label)}
        @click=${() => this.brush({ axis: name, from, to: Math.max(from + keyStep, to - keyStep) })}
      >
        ⤓
      </button>
    </span>`;
  }

  private place({ clientX, clientY }: PointerEvent): { x: number; share: number; width: number } {
    const { left, top, width } = this.figure.getBoundingClientRect();
    return { x: clientX - left, share: brushShare(clientY - top), width };
  }

  private readonly onDown = (event: PointerEvent): void => {
    const { x, share, width } = this.place(event);
    const at = axisPlaces(this.axes.length, Math.floor(width)).findIndex(
      (axis) => Math.abs(axis - x) < reach,
    );
    const axis = this.axes[at];
    if (axis === undefined || event.button !== 0) return;
    this.dragged = { axis: axis.name, from: share };
    this.figure.setPointerCapture(event.pointerId);
  };

  private readonly onMove = (event: PointerEvent): void => {
    const { dragged } = this;
    if (dragged === null) return;
    const { share } = this.place(event);
    const [from, to] = [Math.min(dragged.from, share), Math.max(dragged.from, share)];
    if (to - from > 0.02) this.brush({ axis: dragged.axis, from, to });
  };

  private brush(brush: Brush): void {
    const others = this.brushes.filter(({ axis }) => axis !== brush.axis);
    remember(this, { brushes: [...others, brush] });
  }
}
