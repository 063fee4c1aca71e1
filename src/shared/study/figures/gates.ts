import { colourOf, type Figure, type Look, type Mark, type Shape } from '../../figures/figure.js';
import { drawAxes, line, placePanels, type Area } from '../../figures/panel.js';
import { scaleOf, type Scale } from '../../figures/scale.js';
import type { TableData } from '../../figures/table-data.js';
import { formatMetric } from '../../numbers.js';
import { meanOf, standardDeviation } from '../../statistics/statistics.js';
import { nameOf } from '../results.js';
import type { Combination } from '../summary.js';

/** `mean`: of all runs, each with its experts from the heaviest to the lightest; `run`: those of the first run. */
export const gateKinds = ['mean', 'run'] as const;
export type GateKind = (typeof gateKinds)[number];

/** A bar: the mean weight of an expert, or of those at a place by weight. */
interface Bar {
  readonly label: string;
  readonly weight: number;
  /** Over runs; null: it is one. */
  readonly sd: number | null;
}

/** The gate of a task, in the runs of a combination. */
interface Gate {
  readonly name: string;
  readonly task: string;
  readonly place: number;
  readonly bars: readonly Bar[];
  readonly runs: number;
  /** The key of the run; null: there are several. */
  readonly run: string | null;
  /** The mean of each row's largest weight. */
  readonly largest: number;
}

/** Whether a study has measured how gates weigh experts. */
export const hasGates = (combinations: readonly Combination[]): boolean =>
  combinations.some(({ lines }) => lines.some(({ gates }) => gates !== undefined));

/** More panels are read by nobody. */
const mostPanels = 12;

function gatesOf(combinations: readonly Combination[], kind: GateKind): Gate[] {
  return combinations.flatMap((combination) => {
    const lines = combination.lines.filter(({ gates }) => gates !== undefined);
    const shown = kind === 'run' ? lines.slice(0, 1) : lines;
    return Object.keys(shown[0]?.gates ?? {}).map((task, place): Gate => {
      const found = shown.flatMap(({ gates }) => gates![task] ?? []);
      return {
        ...{ name: nameOf(combination), task, place, runs: found.length },
        bars: barsOf(
          found.map(({ mean }) => mean),
          kind,
        ),
        run: shown.length === 1 ? shown[0]!.key : null,
        largest: meanOf(found.map(({ largest }) => largest)),
      };
    });
  });
}

/** The experts of one run are not those of another: over runs they are told apart by their weight. */
function barsOf(weights: readonly (readonly number[])[], kind: GateKind): Bar[] {
  const ordered =
    kind === 'run' ? weights : weights.map((mean) => [...mean].sort((one, other) => other - one));
  const count = Math.max(0, ...ordered.map((of) => of.length));
  return Array.from({ length: count }, (_, place) => {
    const values = ordered.flatMap((of) => of[place] ?? []);
    return { label: String(place + 1), weight: meanOf(values), sd: standardDeviation(values) };
  });
}

/** Draws how gates weigh the experts, a panel for each task of each combination (figure 6 of the paper). */
export function gatesFigure(
  combinations: readonly Combination[],
  kind: GateKind,
  width: number,
  look: Look,
): Figure {
  const gates = gatesOf(combinations, kind).slice(0, mostPanels);
  const hasNames = new Set(gates.map(({ name }) => name)).size > 1;
  const most = Math.max(
    0.1,
    ...gates.flatMap(({ bars }) => bars.map(({ weight, sd }) => weight + (sd ?? 0))),
  );
  const placed = placePanels(gates.length, width, 0);
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  gates.forEach((gate, i) => {
    const area = placed.areas[i]!;
    const y = scaleOf([0, Math.min(1, most)], [area.bottom, area.top]);
    const slot = (area.right - area.left) / Math.max(1, gate.bars.length);
    const x = gate.bars.map(({ label }, at) => ({ at: area.left + (at + 0.5) * slot, label }));
    const title = [...(hasNames ? [gate.name] : []), `gate of ${gate.task}`].join(', ');
    const xLabel = kind === 'run' ? 'expert' : 'experts of each run, heaviest first';
    shapes.push(...drawAxes(area, { title, x, y, xLabel, yLabel: 'mean weight, test rows' }, look));
    drawBars({ shapes, marks }, gate, { area, y, slot, title }, look);
  });
  return { width, height: placed.height, shapes, marks };
}

function drawBars(
  { shapes, marks }: { readonly shapes: Shape[]; readonly marks: Mark[] },
  { bars, place, run, runs, largest }: Gate,
  { area, y, slot, title }: { area: Area; y: Scale; slot: number; title: string },
  look: Look,
): void {
  const colour = colourOf(look, place);
  bars.forEach(({ label, weight, sd }, at) => {
    const [centre, half] = [area.left + (at + 0.5) * slot, slot * 0.36];
    const top = y.at(weight);
    shapes.push({
      tag: 'rect',
      attributes: {
        ...{ x: centre - half, y: top, width: 2 * half, height: Math.max(0, area.bottom - top) },
        ...{ fill: colour, 'fill-opacity': 0.75 },
      },
    });
    if (sd !== null) {
      const [low, high] = [y.at(Math.max(0, weight - sd)), y.at(weight + sd)];
      shapes.push(line(centre, low, centre, high, look.text));
    }
    marks.push({
      ...{ x: centre, y: top, run, colour, title },
      rows: [
        [`expert ${label}`, formatMetric(weight)],
        ...(sd === null ? [] : [['SD', formatMetric(sd)] as const]),
        ['largest of a row, mean', formatMetric(largest)],
        ['runs', String(runs)],
      ],
    });
  });
}

/** Returns the numbers behind the figure, a row for each bar. */
export function gatesTable(combinations: readonly Combination[], kind: GateKind): TableData {
  return {
    columns: ['combination', 'gate of', kind === 'run' ? 'expert' : 'place', 'weight', 'SD', 'runs'],
    rows: gatesOf(combinations, kind).flatMap(({ name, task, bars, runs }) =>
      bars.map(({ label, weight, sd }) => [name, task, label, weight, sd, runs]),
    ),
  };
}
