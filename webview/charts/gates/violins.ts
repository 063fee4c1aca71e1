import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatTick } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import { svgToFile } from '../../ui/svg-files.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { taskVariable, theme } from '../../ui/theme/theme.js';
import { renderTip, tipStyles, type Tip } from '../../ui/tip.js';
import { ChartElement } from '../chart-element.js';
import { columnLabels, columnRuns, textWidth } from '../routes/expert-columns.js';
import { routeTraits } from '../routes/route-kind.js';
import type { Routes } from '../routes/routes-data.js';
import { expertTitle, weightText } from '../routes/tip-texts.js';
import { violinOutline, weightFloor, weightLimit } from './violin-data.js';
import {
  layoutViolins,
  left,
  loadHeight,
  plotHeight,
  plotTop,
  violinPath,
  violinX,
  weightTicks,
  type ViolinLayout,
} from './violin-layout.js';

/**
 * The picture of how each task weighs each expert: the distribution over rows, the mean and ±1 SD. Where
 * routes do not depend on the row, it is a dot and its distance from 0. Below stands the load of gates that
 * leave experts out.
 */
@customElement('mmoe-violins')
export class Violins extends ChartElement {
  static override readonly styles = [
    sharedStyles,
    tipStyles,
    css`
      svg {
        display: block;
        width: 100%;
      }
      text {
        font-size: 11px;
        fill: var(--dim);
      }
      .grid {
        stroke: var(--grid);
      }
      .zero {
        stroke: var(--dim);
      }
      .unloaded {
        fill: var(--grid);
      }
      .body {
        fill-opacity: 0.25;
      }
      .spread {
        stroke-width: 1.5;
      }
      .hit {
        fill: transparent;
      }
      .hit.shown {
        fill: var(--fg);
        fill-opacity: 0.06;
      }
    `,
  ];

  @property({ attribute: false }) routes: Routes | null = null;
  @state() private expert: number | null = null;
  @query('svg') private readonly drawing!: SVGSVGElement;

  picture(): string {
    return svgToFile(this.drawing, theme().card);
  }

  override render() {
    const { routes, width } = this;
    if (!routes || width === 0) return nothing;
    const layout = violinLayoutOf(routes, width);
    const height = layout.rows * layout.rowHeight;
    return html`<div
        role="application"
        tabindex="0"
        aria-label=${s('gatesLabel')}
        @keydown=${this.onKey}
        @blur=${() => (this.expert = null)}
        @pointerleave=${() => (this.expert = null)}
      >
        <svg viewBox="0 0 ${width} ${height}" height=${height} aria-hidden="true">
          ${this.rows(routes, layout)}
        </svg>
      </div>
      ${renderTip(this.tipOf(routes, layout), width)}`;
  }

  private rows(routes: Routes, layout: ViolinLayout): TemplateResult[] {
    const floor = weightFloor(routes.streams);
    const limit = weightLimit(routes.streams);
    const ticks = routeTraits[routes.kind].isOnOff ? [0, 1] : weightTicks(floor, limit);
    return Array.from({ length: layout.rows }, (_, row) => {
      const top = row * layout.rowHeight + plotTop;
      const yOf = (value: number): number => top + plotHeight * (1 - (value - floor) / (limit - floor));
      const first = row * layout.perRow;
      const experts = routes.experts.map((_state, expert) => expert).slice(first, first + layout.perRow);
      const loadY = top + plotHeight + (layout.loads ?? 0) + loadHeight - 2;
      return svg`<g>
        ${this.grid(ticks, floor, yOf)}
        ${layout.loads === null ? nothing : svg`<text x="4" y=${loadY}>${s('load')}</text>`}
        ${this.groups(routes, layout, row, top)}
        ${experts.map((expert) => this.drawExpert(routes, layout, expert, top, yOf))}
      </g>`;
    });
  }

  private grid(ticks: readonly number[], floor: number, yOf: (value: number) => number): TemplateResult[] {
    const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
    return ticks.map((tick) => {
      const look = tick === 0 && floor < 0 ? 'zero' : 'grid';
      const y = yOf(tick);
      return svg`<line class=${look} x1=${left} x2=${this.width - 6} y1=${y} y2=${y} />
        <text x="4" y=${y + 4}>${formatTick(tick, step === 0.25 ? 0.01 : step)}</text>`;
    });
  }

  private drawExpert(
    routes: Routes,
    layout: ViolinLayout,
    expert: number,
    top: number,
    yOf: (value: number) => number,
  ): TemplateResult {
    const centre = left + ((expert % layout.perRow) + 0.5) * layout.slot;
    const label =
      layout.slot >= 16 || expert % Math.ceil(16 / layout.slot) === 0 ? labelOf(routes, layout, expert) : '';
    const look = this.expert === expert ? 'hit shown' : 'hit';
    const x = centre - layout.slot / 2;
    return svg`<g @pointerenter=${() => (this.expert = expert)}>
      ${this.loads(routes, layout, expert, top)}
      <rect class=${look} x=${x} y=${top} width=${layout.slot} height=${plotHeight} />
      ${routes.streams.map((_stream, index) => this.drawViolin(routes, layout, expert, index, yOf))}
      <text x=${centre} y=${top + plotHeight + 20} text-anchor="middle">${label}</text>
    </g>`;
  }

  private drawViolin(
    { streams }: Routes,
    layout: ViolinLayout,
    expert: number,
    index: number,
    yOf: (value: number) => number,
  ) {
    const { mean, sd, distribution, task } = streams[index]!;
    const centre = mean[expert];
    if (centre === undefined) return nothing;
    const colour = taskVariable(task);
    const x = violinX(layout, expert, index, streams.length);
    const half = Math.min(12, layout.violin * 0.43);
    const dot = Math.min(3.5, Math.max(1.5, half * 0.45));
    if (distribution === null) {
      if (centre === 0) return nothing;
      return svg`<line class="spread" stroke=${colour} x1=${x} x2=${x} y1=${yOf(0)} y2=${yOf(centre)} />
        <circle cx=${x} cy=${yOf(centre)} r=${dot} fill=${colour} />`;
    }
    const spread = sd[expert] ?? 0;
    if (centre === 0 && spread === 0) return nothing;
    const [low, high] = [Math.max(0, centre - spread), Math.min(1, centre + spread)];
    const outline = violinPath(violinOutline(distribution[expert] ?? []), x, half, yOf);
    return svg`<path class="body" fill=${colour} d=${outline} />
      <line class="spread" stroke=${colour} x1=${x} x2=${x} y1=${yOf(low)} y2=${yOf(high)} />
      <circle cx=${x} cy=${yOf(centre)} r=${dot} fill=${colour} />`;
  }

  /** Draws a bar for each stream, as full as rows have a weight for the expert that is not 0. */
  private loads({ streams }: Routes, layout: ViolinLayout, expert: number, top: number): TemplateResult[] {
    return streams.flatMap(({ load, task }, index) => {
      const share = load?.[expert];
      if (share === undefined || layout.loads === null) return [];
      const width = Math.min(12, layout.violin * 0.6);
      const x = violinX(layout, expert, index, streams.length) - width / 2;
      const y = top + plotHeight + layout.loads;
      return svg`<rect class="unloaded" x=${x} y=${y} width=${width} height=${loadHeight} />
        <rect
          fill=${taskVariable(task)}
          x=${x}
          y=${y + loadHeight * (1 - share)}
          width=${width}
          height=${loadHeight * share}
        />`;
    });
  }

  /** Draws the marks of groups, as they are under the experts of the network's picture. */
  private groups(routes: Routes, layout: ViolinLayout, row: number, top: number): TemplateResult[] {
    const { perRow, slot } = layout;
    const columns = routes.experts.map(({ column }) => column);
    return columnRuns(columns, perRow)
      .filter(({ first }) => Math.floor(first / perRow) === row)
      .map(({ first, last, name, task }) => {
        const [x, width] = [left + (first % perRow) * slot + 3, (last - first + 1) * slot - 6];
        const y = top + plotHeight + 26;
        const { group } = columns[first]!;
        const isUnsaid =
          group !== null && labelOf(routes, layout, first) === group.number && textWidth(name) <= width;
        const word = svg`<text x=${x + width / 2} y=${y + 15} text-anchor="middle">${name}</text>`;
        return svg`<rect fill=${taskVariable(task)} x=${x} y=${y} width=${width} height="3" rx="1.5" />
          ${isUnsaid ? word : nothing}`;
      });
  }

  private tipOf({ streams, experts }: Routes, layout: ViolinLayout): Tip | null {
    const { expert } = this;
    if (expert === null) return null;
    return {
      x: left + ((expert % layout.perRow) + 0.5) * layout.slot,
      y: Math.floor(expert / layout.perRow) * layout.rowHeight + plotTop,
      title: expertTitle(experts[expert]!.column),
      rows: streams.map((stream) => ({
        colour: taskVariable(stream.task),
        label: stream.name,
        value: weightText(stream, expert),
      })),
    };
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const count = this.routes?.experts.length ?? 0;
    const move = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'Escape') this.expert = null;
    else if (move !== undefined && count > 0)
      this.expert = this.expert === null ? (move > 0 ? 0 : count - 1) : (this.expert + move + count) % count;
    else return;
    event.preventDefault();
  };
}

function violinLayoutOf({ streams, experts }: Routes, width: number): ViolinLayout {
  const grouped = experts.some(({ column }) => column.group !== null || column.task !== null);
  const loaded = streams.some(({ load }) => load !== null);
  return layoutViolins(experts.length, streams.length, width, { grouped, loaded });
}

const labelOf = ({ experts }: Routes, { slot }: ViolinLayout, expert: number): string =>
  columnLabels(
    experts.map(({ column }) => column),
    slot - 4,
  )[expert]!;
