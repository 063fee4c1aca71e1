import { css, html, nothing, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { s } from '../strings.js';
import { formatShare, formatNorm, formatWeight } from '../ui/numbers.js';
import { svgToFile } from '../ui/picture.js';
import { shared } from '../ui/styles.js';
import { taskVariable, theme } from '../ui/theme.js';
import { renderTip, tipStyles, type Tip } from '../ui/tip.js';
import { ChartElement } from './chart-element.js';
import { layoutNetwork, linePath, lineWidth, type Box, type NetworkLayout } from './network-layout.js';
import type { Routes } from './routes-data.js';

/** What is pointed at: an expert, or the line from a stream to an expert. */
interface Target {
  readonly expert: number;
  readonly stream: number | null;
}

/** Weights below are only hinted at. */
const faintWeight = 0.03;

/** Who uses which expert: a line per stream and expert, as wide as its mean weight. */
@customElement('mmoe-network')
export class NetworkPicture extends ChartElement {
  static override readonly styles = [
    shared,
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
      .hit {
        fill: none;
        stroke: transparent;
        stroke-width: 8;
        pointer-events: stroke;
      }
    `,
  ];

  @property({ attribute: false }) routes: Routes | null = null;
  @property({ type: Number }) level = 0;
  @state() private target: Target | null = null;
  @query('svg') private readonly drawing!: SVGSVGElement;

  picture(): string {
    return svgToFile(this.drawing, theme().card);
  }

  override render() {
    const { routes, width } = this;
    if (!routes || width === 0) return nothing;
    const layout = layoutNetwork(routes.streams.length, routes.experts.length, width);
    return html`<div
        role="application"
        tabindex="0"
        aria-label=${s('networkLabel', this.level + 1)}
        @keydown=${this.onKey}
        @blur=${() => this.point(null)}
        @pointerleave=${() => this.point(null)}
      >
        <svg viewBox="0 0 ${layout.width} ${layout.height}" height=${layout.height} aria-hidden="true">
          ${this.lines(routes, layout)} ${this.streamBoxes(routes, layout)} ${this.expertBoxes(routes, layout)}
        </svg>
      </div>
      ${renderTip(this.tipOf(routes, layout), width)}`;
  }

  private lines({ streams }: Routes, layout: NetworkLayout) {
    const most = Math.max(...streams.flatMap(({ mean }) => mean.map(Math.abs)), 0.25);
    const drawn = streams.flatMap(({ mean, task }, stream) =>
      mean.map((weight, expert) => {
        const path = linePath(layout.streams[stream]!, layout.experts[expert]!);
        if (weight === 0) return nothing;
        return svg`<path class="line ${this.lineClass(stream, expert, weight)}" d=${path} stroke=${taskVariable(task)} stroke-width=${lineWidth(weight, most)} />
          <path class="hit" d=${path} @pointerenter=${() => this.point({ expert, stream })} />`;
      }),
    );
    return svg`<g>${drawn}</g>`;
  }

  private lineClass(stream: number, expert: number, weight: number): string {
    const { target } = this;
    if (target?.expert === expert && (target.stream === null || target.stream === stream)) return 'shown';
    if (target) return 'aside';
    return weight < faintWeight ? 'faint' : '';
  }

  private streamBoxes({ streams }: Routes, layout: NetworkLayout) {
    return streams.map(({ name, task }, index) => {
      const box = layout.streams[index]!;
      return svg`<g><rect class="box" x=${box.x} y=${box.y} width=${box.width} height=${box.height} rx="4" stroke=${taskVariable(task)} stroke-width="1.5" />
        <text x=${box.x + box.width / 2} y=${box.y + 20} text-anchor="middle">${fitted(name, box.width)}</text></g>`;
    });
  }

  private expertBoxes({ experts }: Routes, layout: NetworkLayout) {
    return experts.map(({ alive, units, dead }, expert) => {
      const { x, y, width, height } = layout.experts[expert]!;
      const bar = { x: x + width * 0.15, y: y + height - 10, width: width * 0.7 };
      const shown = this.target?.expert === expert ? 'shown' : '';
      return svg`<g @pointerenter=${() => this.point({ expert, stream: null })}>
        <rect class="frame ${dead ? 'dead' : ''} ${shown}" x=${x} y=${y} width=${width} height=${height} rx="4" />
        <text x=${x + width / 2} y=${y + height / 2} text-anchor="middle">${expert + 1}</text>
        <rect class="track" x=${bar.x} y=${bar.y} width=${bar.width} height="3" />
        <rect class="alive" x=${bar.x} y=${bar.y} width=${alive === null || units === 0 ? 0 : (bar.width * alive) / units} height="3" />
      </g>`;
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
    const weights = streams.map(({ name, task, mean, sd, distribution }) => ({
      colour: taskVariable(task),
      label: name,
      value: formatWeight(mean[target.expert]) + (distribution === null ? '' : ` ± ${formatWeight(sd[target.expert])}`),
    }));
    const state =
      target.stream !== null || expert.alive === null
        ? []
        : [
            { colour: null, label: s('aliveOf', expert.alive, expert.units) + (expert.dead ? ` · ${s('dead')}` : ''), value: '' },
            { colour: null, label: s('outputNorm'), value: formatNorm(expert.norm) },
            ...(expert.nearest
              ? [
                  {
                    colour: null,
                    label: s('nearestExpert'),
                    value: `${expert.nearest.expert + 1} · ${formatShare(expert.nearest.similarity)}`,
                  },
                ]
              : []),
          ];
    const y = target.stream === null ? box.y - 24 - 17 * (weights.length + state.length) : box.y - 60;
    return { x: box.x + box.width / 2, y, title: s('expertNumber', target.expert + 1), rows: [...weights, ...state] };
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
      const expert = target === null ? (aside > 0 ? 0 : experts - 1) : (target.expert + aside + experts) % experts;
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

const fitted = (name: string, width: number): string => {
  const most = Math.max(3, Math.floor((width - 10) / 6.2));
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
};
