import { css, html, nothing, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatNorm, formatShare } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import { svgToFile } from '../../ui/svg-files.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { taskVariable, theme } from '../../ui/theme/theme.js';
import { renderTip, tipStyles, type Tip } from '../../ui/tip.js';
import { ChartElement } from '../chart-element.js';
import {
  columnLabels,
  columnName,
  columnRuns,
  cutText,
  textWidth,
  type ColumnRun,
} from '../routes/expert-columns.js';
import { routeTraits } from '../routes/route-kind.js';
import { largestWeight, type ExpertState, type Routes } from '../routes/routes-data.js';
import { expertTitle, weightText } from '../routes/tip-texts.js';
import { layoutNetwork, linePath, lineWidth, type Box, type NetworkLayout } from './network-layout.js';

/** The thing that a person points at: an expert, or the line from a stream to an expert. */
interface Target {
  readonly expert: number;
  readonly stream: number | null;
}

/** Weights below this share of the widest line's are only hinted at. */
const faintShare = 0.03;
/** Width of a line that is either there or not. */
const onOffWidth = 4;

/**
 * The picture of who uses which expert: a line for each stream and expert, as wide as its mean weight is
 * large, and dashed where the weight is negative.
 */
@customElement('mmoe-network')
export class NetworkPicture extends ChartElement {
  static override readonly styles = [
    sharedStyles,
    tipStyles,
    css`
      svg {
        display: block;
        width: 100%;
        border-radius: 2px;
      }
      text {
        font-size: 11px;
        fill: var(--fg);
        pointer-events: none;
      }
      .box {
        fill: var(--bg);
      }
      .line {
        fill: none;
        stroke-opacity: 0.65;
      }
      .faint {
        stroke-opacity: 0.15;
      }
      .aside {
        stroke-opacity: 0.08;
      }
      .shown {
        stroke-opacity: 0.95;
      }
      .frame {
        stroke: var(--dim);
        fill: var(--bg);
      }
      .unused {
        stroke-opacity: 0.4;
      }
      .dead {
        stroke: var(--bad);
        stroke-dasharray: 3 2;
      }
      .frame.shown {
        stroke-width: 2;
      }
      .track {
        fill: var(--grid);
      }
      .alive {
        fill: var(--dim);
      }
      .kind {
        fill: var(--dim);
      }
      .hit {
        fill: none;
        stroke: transparent;
        stroke-width: 8;
        pointer-events: stroke;
      }
    `,
  ];

  @property({ attribute: false }) routes: Routes | null = null;
  /** The level's name, for those who cannot see the picture. */
  @property() level = '';
  @state() private target: Target | null = null;
  @query('svg') private readonly drawing!: SVGSVGElement;

  picture(): string {
    return svgToFile(this.drawing, theme().card);
  }

  override render() {
    const { routes, width } = this;
    if (!routes || width === 0) return nothing;
    const layout = networkLayoutOf(routes, width);
    return html`<div
        role="application"
        tabindex="0"
        aria-label=${s('networkLabel', this.level)}
        @keydown=${this.onKey}
        @blur=${() => this.point(null)}
        @pointerleave=${() => this.point(null)}
      >
        <svg viewBox="0 0 ${layout.width} ${layout.height}" height=${layout.height} aria-hidden="true">
          ${this.lines(routes, layout)} ${this.streamBoxes(routes, layout)}
          ${this.expertBoxes(routes, layout)} ${this.groups(routes, layout)}
        </svg>
      </div>
      ${renderTip(this.tipOf(routes, layout), width)}`;
  }

  private lines({ streams, kind }: Routes, layout: NetworkLayout) {
    const largest = largestWeight(streams);
    const widest = routeTraits[kind].isOnOff ? onOffWidth : undefined;
    const drawn = streams.flatMap(({ mean, task }, stream) =>
      mean.map((weight, expert) => {
        const path = linePath(layout.streams[stream]!, layout.experts[expert]!);
        if (weight === 0) return nothing;
        const look = this.lineClass(stream, expert, Math.abs(weight) / largest);
        const width = lineWidth(weight, largest, widest);
        const dashes = weight < 0 ? '7 5' : nothing;
        return svg`<path
            class="line ${look}"
            d=${path}
            stroke=${taskVariable(task)}
            stroke-width=${width}
            stroke-dasharray=${dashes}
          />
          <path class="hit" d=${path} @pointerenter=${() => this.point({ expert, stream })} />`;
      }),
    );
    return svg`<g>${drawn}</g>`;
  }

  private lineClass(stream: number, expert: number, share: number): string {
    const { target } = this;
    if (target?.expert === expert && (target.stream === null || target.stream === stream)) return 'shown';
    if (target) return 'aside';
    return share < faintShare ? 'faint' : '';
  }

  private streamBoxes({ streams }: Routes, layout: NetworkLayout) {
    return streams.map(({ name, task }, index) => {
      const box = layout.streams[index]!;
      const label = cutText(name, box.width - 10);
      return svg`<g>
        <rect
          class="box"
          x=${box.x}
          y=${box.y}
          width=${box.width}
          height=${box.height}
          rx="4"
          stroke=${taskVariable(task)}
          stroke-width="1.5"
        />
        <text x=${box.x + box.width / 2} y=${box.y + 20} text-anchor="middle">${label}</text>
      </g>`;
    });
  }

  private expertBoxes({ experts, streams }: Routes, layout: NetworkLayout) {
    const labels = labelsOf(experts, layout);
    return experts.map(({ alive, units, dead }, expert) => {
      const unused = streams.every(({ mean }) => mean[expert] === 0) ? 'unused' : '';
      const { x, y, width, height } = layout.experts[expert]!;
      const bar = { x: x + width * 0.15, y: y + height - 10, width: width * 0.7 };
      const shown = this.target?.expert === expert ? 'shown' : '';
      const look = `frame ${unused} ${dead ? 'dead' : ''} ${shown}`;
      const aliveWidth = alive === null || units === 0 ? 0 : (bar.width * alive) / units;
      return svg`<g @pointerenter=${() => this.point({ expert, stream: null })}>
        <rect class=${look} x=${x} y=${y} width=${width} height=${height} rx="4" />
        <text x=${x + width / 2} y=${y + height / 2} text-anchor="middle">${labels[expert]}</text>
        <rect class="track" x=${bar.x} y=${bar.y} width=${bar.width} height="3" />
        <rect class="alive" x=${bar.x} y=${bar.y} width=${aliveWidth} height="3" />
      </g>`;
    });
  }

  /** Marks experts that a task owns or that are of one kind, in words where their boxes do not say so. */
  private groups({ experts }: Routes, layout: NetworkLayout) {
    const columns = experts.map(({ column }) => column);
    const labels = labelsOf(experts, layout);
    return columnRuns(columns, layout.expertsPerRow).map(({ first, last, name, task }: ColumnRun) => {
      const [from, to] = [layout.experts[first]!, layout.experts[last]!];
      const [x, width, y] = [from.x, to.x + to.width - from.x, from.y + from.height + 4];
      const { group } = columns[first]!;
      const isUnsaid = group !== null && labels[first] === group.number && width >= 30;
      const centre = x + width / 2;
      const label = cutText(name, width + 2);
      const word = svg`<text class="kind" x=${centre} y=${y + 15} text-anchor="middle">${label}</text>`;
      return svg`<rect fill=${taskVariable(task)} x=${x} y=${y} width=${width} height="3" rx="1.5" />
        ${isUnsaid ? word : nothing}`;
    });
  }

  private point(target: Target | null): void {
    this.target = target;
  }

  private tipOf(routes: Routes, layout: NetworkLayout): Tip | null {
    const { target } = this;
    const expert = target && routes.experts[target.expert];
    if (!expert) return null;
    const box: Box = layout.experts[target.expert]!;
    const streams = routes.streams
      .map((stream, index) => ({ ...stream, index }))
      .filter(({ index }) => target.stream === null || target.stream === index);
    const weights = streams.map((stream) => ({
      colour: taskVariable(stream.task),
      label: stream.name,
      value: weightText(stream, target.expert),
    }));
    const state = target.stream === null ? stateRows(expert) : [];
    const y = target.stream === null ? box.y - 24 - 17 * (weights.length + state.length) : box.y - 60;
    return { x: box.x + box.width / 2, y, title: expertTitle(expert.column), rows: [...weights, ...state] };
  }

  /** Left and right go through the experts, up and down through an expert and its lines. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const { routes, target } = this;
    if (!routes) return;
    const experts = routes.experts.length;
    const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === 'Escape') this.point(null);
    else if (aside !== undefined) {
      const expert =
        target === null ? (aside > 0 ? 0 : experts - 1) : (target.expert + aside + experts) % experts;
      this.point({ expert, stream: target?.stream ?? null });
    } else if (along !== undefined) {
      const places = routes.streams.length + 1;
      const at = (target?.stream ?? -1) + 1;
      const next = (at + along + places) % places;
      this.point({ expert: target?.expert ?? 0, stream: next === 0 ? null : next - 1 });
    } else return;
    event.preventDefault();
  };
}

/** Makes boxes as wide as the longest name, where that fits, and a foot where experts have tasks or kinds. */
function networkLayoutOf({ streams, experts }: Routes, width: number): NetworkLayout {
  const columns = experts.map(({ column }) => column);
  const longest = Math.max(...columns.map((column) => textWidth(String(columnName(column)))));
  const foot = columns.some(({ group, task }) => group !== null || task !== null) ? 20 : 0;
  return layoutNetwork(streams.length, experts.length, width, { label: longest + 12, foot });
}

/** Returns what a tip says of an expert beside its weights; nothing before the experts were looked at. */
function stateRows({ alive, units, dead, norm, nearest }: ExpertState): Tip['rows'] {
  if (alive === null) return [];
  const aliveText = s('aliveOf', alive, units) + (dead ? ` · ${s('dead')}` : '');
  const rows = [
    { colour: null, label: aliveText, value: '' },
    { colour: null, label: s('outputNorm'), value: formatNorm(norm) },
  ];
  if (nearest === null) return rows;
  const value = `${columnName(nearest.expert)} · ${formatShare(nearest.similarity)}`;
  return [...rows, { colour: null, label: s('nearestExpert'), value }];
}

const labelsOf = (experts: Routes['experts'], layout: NetworkLayout): string[] =>
  columnLabels(
    experts.map(({ column }) => column),
    layout.experts[0]!.width - 6,
  );
