import type { LayerExtras } from '../../../../network/description.js';
import { batchParts } from '../../format/numbers.js';
import { operation } from '../../format/operations.js';
import { LINE, roundUp, type Rows } from '../../program/areas.js';
import type { Builder } from '../../program/builder.js';
import type { Barrier } from '../../program/programs.js';

/** The learned scale and shift of a layer's normalisation, and places for what it keeps. */
type NormalParameters =
  | { readonly kind: 'layer'; readonly scale: number; readonly shift: number }
  | {
      readonly kind: 'batch';
      readonly scale: number;
      readonly shift: number;
      readonly runningMean: number;
      readonly runningVariance: number;
    };

/** The normalisation of a layer's values. */
export interface NormalPlan {
  readonly parameters: NormalParameters;
  /** Emits the values of `to`, cut off at `floor`; after the barrier if there is one. */
  forward(to: Rows, floor: number): void;
  /** Emits what the gradient `dy` by the normalised values is summed up to, before the barrier. */
  backwardToBarrier(dy: Rows): void;
  /** Emits the gradient by the values, and by scale and shift. */
  backward(dy: Rows, dz: Rows): void;
  /** The whole batch has to have come here before `forward`, and before `backward`; null: it need not. */
  readonly forwardBarrier: Barrier | null;
  readonly backwardBarrier: Barrier | null;
}

interface NormalizedLayer {
  readonly z: Rows;
  readonly units: number;
  /** The name of the layer's parameters. */
  readonly name: string;
  /** Scale, shift and running statistics of the layer that it shares them with; null: its own. */
  readonly shared: NormalParameters | null;
}

/** Returns null where the layer is not normalised. */
export function planNormal(
  builder: Builder,
  kind: LayerExtras['normalization'],
  layer: NormalizedLayer,
): NormalPlan | null {
  switch (kind) {
    case undefined:
      return null;
    case 'layer':
      return planLayerNormalization(builder, layer);
    case 'batch':
      return planBatchNormalization(builder, layer);
  }
}

function parameterOf(builder: Builder, { units, name }: NormalizedLayer, what: string): number {
  const at = builder.areas.parameters.take(units);
  builder.placeRow(`${name}.${what}`, at, units);
  return at;
}

function learned(builder: Builder, layer: NormalizedLayer) {
  const take = (what: string) => {
    const at = parameterOf(builder, layer, what);
    builder.clearGradient(at, layer.units);
    return at;
  };
  return { scale: take('scale'), shift: take('shift') };
}

function planLayerNormalization(builder: Builder, layer: NormalizedLayer): NormalPlan {
  const { z, units, shared } = layer;
  const { forward, backward } = builder.programs;
  const moments = builder.areas.scratch.take(2 * builder.limits.blockRows);
  const parameters =
    shared?.kind === 'layer' ? shared : { kind: 'layer' as const, ...learned(builder, layer) };
  const { scale, shift } = parameters;
  return {
    parameters,
    forward: (y, floor) =>
      void forward.push(operation.layerNormalize({ z, units, scale, shift, moments, floor, y })),
    backwardToBarrier: () => undefined,
    backward: (dy, dz) => {
      const gradients = { scaleGradient: builder.gradient(scale), shiftGradient: builder.gradient(shift) };
      backward.push(operation.layerNormalizeBackward({ z, units, scale, moments, dy, dz, ...gradients }));
    },
    forwardBarrier: null,
    backwardBarrier: null,
  };
}

function planBatchNormalization(builder: Builder, layer: NormalizedLayer): NormalPlan {
  const { z, units, shared } = layer;
  const { forward, backward } = builder.programs;
  const statistics = builder.areas.statistics.take(batchParts * roundUp(units, LINE));
  const parameters = shared?.kind === 'batch' ? shared : batchParameters(builder, layer);
  const { scale, shift, runningMean, runningVariance } = parameters;
  const running = { runningMean, runningVariance };
  return {
    parameters,
    forward: (y, floor) =>
      void forward.push(
        operation.batchNormalize({ z, units, statistics, ...running, scale, shift, floor, y }),
      ),
    backwardToBarrier: (dy) => {
      const gradients = { scaleGradient: builder.gradient(scale), shiftGradient: builder.gradient(shift) };
      backward.push(operation.batchGradients({ z, units, statistics, dy, ...gradients }));
    },
    backward: (dy, dz) =>
      void backward.push(operation.batchNormalizeBackward({ z, units, statistics, scale, dy, dz })),
    forwardBarrier: {
      end: [operation.batchMoments({ z, units, statistics })],
      start: [operation.batchCombine({ units, statistics, ...running })],
    },
    backwardBarrier: { end: [], start: [operation.batchCombineGradients({ units, statistics })] },
  };
}

function batchParameters(builder: Builder, layer: NormalizedLayer) {
  return {
    kind: 'batch' as const,
    ...learned(builder, layer),
    runningMean: parameterOf(builder, layer, 'mean'),
    runningVariance: parameterOf(builder, layer, 'variance'),
  };
}
