import type { GateDescription } from '../../../../network/description.js';
import { fromColumn, type Matrix, type Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import type { Bank } from '../experts/bank-plan.js';
import { hiddenPart, outputParts, type GatePart } from './gate-parts.js';
import { forwardProduct, inputGradient, layerGradients } from '../layers/product-plan.js';

/** The values and gradients of each part of a gate's last layer. */
export type GateOutputs = ReadonlyMap<GatePart['suffix'], { readonly value: Rows; readonly gradient: Rows }>;

interface Layer {
  readonly out: Rows;
  readonly gradient: Rows;
}

/** A layer that the bank does not hold. */
interface OwnLayer extends Layer {
  readonly matrix: Matrix;
  readonly biased: number;
  /** First column of each part. */
  readonly columns: ReadonlyMap<GatePart['suffix'], number>;
  readonly below: Layer;
}

/**
 * Plans a gate's layers, as far as the bank does not hold them. `columns`: where its parts lie in the bank.
 */
export function planGateLayers(
  builder: Builder,
  name: string,
  gate: GateDescription,
  bank: Bank,
  columns: ReadonlyMap<GatePart['suffix'], number>,
): { outputs: GateOutputs; backward: () => void } {
  const parts = outputParts(gate);
  const { layers = [] } = gate;
  const outputsIn = ({ out, gradient }: Layer, places: typeof columns): GateOutputs =>
    new Map(
      parts.map(({ suffix }) => {
        const column = places.get(suffix)!;
        return [suffix, { value: fromColumn(out, column), gradient: fromColumn(gradient, column) }];
      }),
    );
  if (layers.length === 0) return { outputs: outputsIn(bank, columns), backward: () => undefined };

  const first = columns.get('.layers.0')!;
  let below: Layer = { out: fromColumn(bank.out, first), gradient: fromColumn(bank.gradient, first) };
  const own: OwnLayer[] = [];
  const hidden = layers.slice(1).map((units, j) => [hiddenPart(j + 1, units)]);
  for (const [j, units] of [...hidden, parts].entries()) {
    const layer = planOwnLayer(builder, name, layers[j]!, units, below);
    own.push(layer);
    below = layer;
  }
  const last = own.at(-1)!;
  return {
    outputs: outputsIn(last, last.columns),
    backward: () => {
      for (const { matrix, gradient, biased, below: lower } of own.toReversed()) {
        layerGradients(builder, lower.out, matrix, gradient, { biased });
        inputGradient(builder, gradient, matrix, lower.gradient, { add: false, below: lower.out });
      }
    },
  };
}

function planOwnLayer(
  builder: Builder,
  name: string,
  rows: number,
  parts: readonly GatePart[],
  below: Layer,
): OwnLayer {
  const total = parts.reduce((sum, { columns }) => sum + columns, 0);
  const matrix = builder.matrix(rows, total);
  const columns = new Map<GatePart['suffix'], number>();
  let column = 0;
  let biased = 0;
  for (const { suffix, columns: own, bias } of parts) {
    columns.set(suffix, column);
    builder.place(`${name}${suffix}.weight`, fromColumn(matrix.weight, column), rows, own);
    if (bias) {
      builder.placeRow(`${name}${suffix}.bias`, matrix.bias + column, own);
      biased = column + own;
    }
    column += own;
  }
  const layer = { matrix, out: builder.rows(total), gradient: builder.rows(total), biased, columns, below };
  forwardProduct(builder, below.out, matrix, layer.out, builder.floorsOf(parts[0]!.relu, total));
  return layer;
}
