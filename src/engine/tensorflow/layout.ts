import type { GateDescription, NetworkDescription } from '../../network/description.js';
import { sourceWidth, topWidth } from '../../network/widths.js';
import { ArrayBuilder, type ArrayIndex, type ArrayShape, type Block } from './arrays.js';
import { columnsOf, headsOf, unitsOf, type Columns } from './graph/side-by-side.js';
import { EXPANDED_VALUES, planInput, type InputPlan, type WeightRows } from './input/input-parts.js';
import {
  planLayer,
  planLayers,
  planNormalization,
  type LayerPlan,
  type NormalizationPlan,
} from './layer-plan.js';

/**
 * Which array holds what. All first layers and gates of a level that read one stream are columns of one
 * matrix.
 */
export interface Layout {
  readonly arrays: readonly ArrayShape[];
  readonly blocks: readonly Block[];
  readonly input: InputPlan;
  readonly levels: readonly LevelPlan[];
  readonly towers: readonly TowerPlan[];
  /** Bias columns that no parameter has, of gates and experts without a bias: they stay 0. */
  readonly unlearned: readonly {
    readonly array: ArrayIndex;
    readonly column: number;
    readonly width: number;
  }[];
}

export interface LevelPlan {
  /** By stream of the level below; null where nothing reads it. */
  readonly sources: readonly (SourcePlan | null)[];
  readonly experts: readonly ExpertPlan[];
  readonly gates: readonly GatePlan[];
  /** Weights of routes that are learned constants or paths, by stream. */
  readonly constants: readonly (ArrayIndex | null)[];
}

export interface SourcePlan {
  readonly columns: number;
  /** [stream width, columns]; null on the first level, whose weights are in the input's plan. */
  readonly weight: ArrayIndex | null;
  /** [columns]; 0 where a gate or an expert has none. */
  readonly bias: ArrayIndex;
}

export interface ExpertPlan {
  /** First column of its first layer in the product of the source that its weights' owner reads. */
  readonly column: number;
  /** Of its first layer. */
  readonly normalization: NormalizationPlan | null;
  /** Its further layers. */
  readonly upper: readonly LayerPlan[];
}

export interface GatePlan {
  /** First column, in its source's product, of its first hidden layer or, where it has none, of its heads. */
  readonly column: number;
  /** How many columns. */
  readonly units: number;
  /** Its further hidden layers. */
  readonly upper: readonly LayerPlan[];
  /** Logits, noise and selectors above hidden layers, side by side; null: columns of its source's product. */
  readonly heads: LayerPlan | null;
}

export interface TowerPlan {
  readonly layers: readonly LayerPlan[];
  readonly output: LayerPlan;
}

export function planLayout(network: NetworkDescription, expandedValues = EXPANDED_VALUES): Layout {
  const builder = new ArrayBuilder();
  const unlearned: { array: ArrayIndex; column: number; width: number }[] = [];
  const firstLevel = network.levels[0]!;
  const { plan: input, weightRows } = planInput(
    network.input,
    unitsOf(columnsOf(firstLevel, 0, 0)),
    builder,
    expandedValues,
  );

  const placeColumns = (
    columns: readonly Columns[],
    width: number,
    rows: readonly WeightRows[],
    bias: ArrayIndex,
  ) => {
    for (const { name, units, column, hasBias } of columns) {
      if (hasBias)
        builder.place({
          parameter: `${name}.bias`,
          shape: [units],
          parameterRow: 0,
          rows: 1,
          array: bias,
          row: 0,
          column,
        });
      else unlearned.push({ array: bias, column, width: units });
      for (const each of rows)
        builder.place({ parameter: `${name}.weight`, shape: [width, units], column, ...each });
    }
  };
  const wholeMatrix = (width: number, units: number): WeightRows => ({
    parameterRow: 0,
    rows: width,
    array: builder.add(true, width, units),
    row: 0,
  });
  const planHeads = (name: string, gate: GateDescription): LayerPlan | null => {
    const width = gate.layers?.at(-1);
    if (width === undefined) return null;
    const columns = headsOf(name, gate);
    const matrix = wholeMatrix(width, unitsOf(columns));
    const bias = builder.add(true, unitsOf(columns));
    placeColumns(columns, width, [matrix], bias);
    return { weight: matrix.array, bias, normalization: null };
  };

  const levels = network.levels.map((level, l): LevelPlan => {
    const width = sourceWidth(network, l);
    const streams = network.levels[l - 1]?.streams.length ?? 1;
    const columnsBySource = Array.from({ length: streams }, (_, source) => columnsOf(level, l, source));
    const sources = columnsBySource.map((columns): SourcePlan | null => {
      const count = unitsOf(columns);
      if (count === 0) return null;
      const matrix = l > 0 ? wholeMatrix(width, count) : null;
      const bias = builder.add(l > 0, count);
      placeColumns(columns, width, matrix === null ? weightRows : [matrix], bias);
      return { columns: count, weight: matrix?.array ?? null, bias };
    });
    const column = (source: number, name: string) =>
      columnsBySource[source]!.find((each) => each.name === name)!.column;
    const experts: ExpertPlan[] = [];
    level.experts.forEach((expert, e) => {
      const name = `levels.${l}.experts.${e}.layers`;
      const own = () => ({
        column: column(expert.source, `${name}.0`),
        normalization: planNormalization(builder, `${name}.0`, expert.layers[0]!, expert),
        upper: planLayers(builder, name, expert, { layer: 1, width }),
      });
      experts.push(expert.sharesWith === undefined ? own() : experts[expert.sharesWith]!);
    });
    return {
      sources,
      experts,
      gates: level.gates.map((gate, g): GatePlan => {
        const name = `levels.${l}.gates.${g}`;
        const { source, layers = [] } = gate;
        return {
          column: column(source, layers.length === 0 ? name : `${name}.layers.0`),
          units: layers[0] ?? unitsOf(headsOf(name, gate)),
          upper: planLayers(builder, `${name}.layers`, { layers }, { layer: 1, width }),
          heads: planHeads(name, gate),
        };
      }),
      constants: level.streams.map(({ route }, s) => {
        const name = `levels.${l}.routes.${s}`;
        if (route.kind === 'path') return builder.addWhole(true, `${name}.path`, route.initial.length);
        if (route.kind !== 'constants') return null;
        return builder.addWhole(
          true,
          `${name}.constants`,
          route.initial.filter((weight) => weight !== null).length,
        );
      }),
    };
  });

  const top = topWidth(network);
  const towers = network.tasks.map(({ name, tower, outputs }): TowerPlan => ({
    layers: planLayers(builder, `towers.${name}.layers`, tower, { layer: 0, width: top }),
    output: planLayer(builder, `towers.${name}.output`, tower.layers.at(-1) ?? top, outputs),
  }));
  return { arrays: builder.arrays, blocks: builder.blocks, input, levels, towers, unlearned };
}
