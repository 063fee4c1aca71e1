import type { LevelDescription, NetworkDescription } from '../../network/description.js';
import { sourceWidth, topWidth } from '../../network/widths.js';
import { ArrayBuilder, type ArrayIndex, type ArrayShape, type Block } from './arrays.js';
import { EXPANDED_VALUES, planInput, type InputPlan } from './input-plan.js';

/** Which array holds what. All first layers and gates of a level that read one stream are columns of one matrix. */
export interface Layout {
  readonly arrays: readonly ArrayShape[];
  readonly blocks: readonly Block[];
  readonly input: InputPlan;
  readonly levels: readonly LevelPlan[];
  readonly towers: readonly TowerPlan[];
  /** Bias columns that no parameter has, of gates without a bias: they stay 0. */
  readonly unlearned: readonly { readonly array: ArrayIndex; readonly column: number; readonly width: number }[];
}

export interface LevelPlan {
  /** By stream of the level below; null where nothing reads it. */
  readonly sources: readonly (SourcePlan | null)[];
  readonly experts: readonly ExpertPlan[];
  /** First column of each gate's logits in its source's product. */
  readonly gates: readonly number[];
  /** Learned constants by stream. */
  readonly constants: readonly (ArrayIndex | null)[];
}

export interface SourcePlan {
  readonly columns: number;
  /** [stream width, columns]; null on the first level, whose weights are in the input's plan. */
  readonly weight: ArrayIndex | null;
  /** [columns]; 0 where a gate has none. */
  readonly bias: ArrayIndex;
}

export interface LayerPlan {
  readonly weight: ArrayIndex;
  readonly bias: ArrayIndex;
}

export interface ExpertPlan {
  /** First column of its first layer in its source's product. */
  readonly column: number;
  /** Its further layers. */
  readonly upper: readonly LayerPlan[];
}

export interface TowerPlan {
  readonly layers: readonly LayerPlan[];
  readonly output: LayerPlan;
}

export function planLayout(network: NetworkDescription, expandedValues = EXPANDED_VALUES): Layout {
  const builder = new ArrayBuilder();
  const layer = (name: string, width: number, out: number): LayerPlan => ({
    weight: builder.addWhole(true, `${name}.weight`, width, out),
    bias: builder.addWhole(true, `${name}.bias`, out),
  });
  const unlearned: { array: ArrayIndex; column: number; width: number }[] = [];
  const firstLevel = network.levels[0]!;
  const { plan: input, weightRows } = planInput(network.input, unitsOf(columnsOf(firstLevel, 0, 0)), builder, expandedValues);

  const levels = network.levels.map((level, l): LevelPlan => {
    const width = sourceWidth(network, l);
    const streams = network.levels[l - 1]?.streams.length ?? 1;
    const columnsBySource = Array.from({ length: streams }, (_, source) => columnsOf(level, l, source));
    const sources = columnsBySource.map((columns): SourcePlan | null => {
      const count = unitsOf(columns);
      if (count === 0) return null;
      const bias = builder.add(l > 0, count);
      const weight = l > 0 ? builder.add(true, width, count) : null;
      const rows = weight === null ? weightRows : [{ parameterRow: 0, rows: width, array: weight, row: 0 }];
      for (const { name, units, column, hasBias } of columns) {
        if (hasBias) builder.place({ parameter: `${name}.bias`, shape: [units], parameterRow: 0, rows: 1, array: bias, row: 0, column });
        else unlearned.push({ array: bias, column, width: units });
        for (const each of rows) builder.place({ parameter: `${name}.weight`, shape: [width, units], column, ...each });
      }
      return { columns: count, weight, bias };
    });
    const column = (source: number, name: string) => columnsBySource[source]!.find((each) => each.name === name)!.column;
    return {
      sources,
      experts: level.experts.map(({ source, layers }, e) => {
        const name = `levels.${l}.experts.${e}.layers`;
        const upper = layers.slice(1).map((out, j) => layer(`${name}.${j + 1}`, layers[j]!, out));
        return { column: column(source, `${name}.0`), upper };
      }),
      gates: level.gates.map(({ source }, g) => column(source, `levels.${l}.gates.${g}`)),
      constants: level.streams.map(({ route }, s) =>
        route.kind === 'constants'
          ? builder.addWhole(true, `levels.${l}.routes.${s}.constants`, route.initial.filter((weight) => weight !== null).length)
          : null,
      ),
    };
  });

  const top = topWidth(network);
  const towers = network.tasks.map(({ name, tower, outputs }): TowerPlan => ({
    layers: tower.layers.map((out, j) => layer(`towers.${name}.layers.${j}`, tower.layers[j - 1] ?? top, out)),
    output: layer(`towers.${name}.output`, tower.layers.at(-1) ?? top, outputs),
  }));
  return { arrays: builder.arrays, blocks: builder.blocks, input, levels, towers, unlearned };
}

interface Columns {
  /** Of the layer: its weight is `<name>.weight`. */
  readonly name: string;
  readonly units: number;
  readonly column: number;
  readonly hasBias: boolean;
}

const unitsOf = (columns: readonly Columns[]) => columns.reduce((sum, { units }) => sum + units, 0);

/** The columns of one source's product: its experts' first layers in order, then its gates. */
function columnsOf(level: LevelDescription, index: number, source: number): Columns[] {
  const columns: Columns[] = [];
  const place = (name: string, units: number, hasBias: boolean) => {
    const last = columns.at(-1);
    columns.push({ name, units, column: last === undefined ? 0 : last.column + last.units, hasBias });
  };
  level.experts.forEach((expert, e) => {
    if (expert.source === source) place(`levels.${index}.experts.${e}.layers.0`, expert.layers[0]!, true);
  });
  level.gates.forEach((gate, g) => {
    if (gate.source === source) place(`levels.${index}.gates.${g}`, gate.experts.length, gate.bias);
  });
  return columns;
}
