import { topWidth } from '../../../network/widths.js';
import type { Matrix, Rows } from '../program/areas.js';
import type { Stream } from './bank-plan.js';
import type { Builder } from '../program/builder.js';
import { lossKind, operation } from '../program/codes.js';
import { backwardLayers, forwardLayers, layerOn, type Layer } from './layers-plan.js';
import { cutsOff, planUnits, type Units } from './units-plan.js';

interface TowerPlan {
  readonly layers: readonly Layer[];
  /** Emits the output layer, its loss and its prediction. */
  output(): void;
  /** Emits the backward operations of the output layer. */
  outputBackward(): void;
}

/** All towers, their losses and predictions. Returned: emits the backward operations. */
export function planTowers(builder: Builder, streams: readonly Stream[]): () => void {
  const towers = builder.network.tasks.map((_, task) => planTower(builder, task, streams));
  const stacks = towers.map(({ layers }) => layers);
  forwardLayers(builder, stacks);
  for (const tower of towers) tower.output();
  return () => {
    for (const tower of towers) tower.outputBackward();
    backwardLayers(builder, stacks);
  };
}

function planTower(builder: Builder, number: number, streams: readonly Stream[]): TowerPlan {
  const task = builder.network.tasks[number]!;
  const stream = streams[task.stream]!;
  const { tower, outputs } = task;
  const matrixOf = (name: string, width: number, units: number): Matrix => {
    const matrix = builder.matrix(width, units);
    builder.place(`towers.${task.name}.${name}.weight`, matrix.weight, matrix.stride, width, units);
    builder.place(`towers.${task.name}.${name}.bias`, matrix.bias, matrix.stride, 1, units);
    return matrix;
  };
  const layers: Layer[] = [];
  let width = topWidth(builder.network);
  tower.layers.forEach((units, j) => {
    const matrix = matrixOf(`layers.${j}`, width, units);
    const [z, dz] = [builder.rows(units), builder.rows(units)];
    const name = `towers.${task.name}.layers.${j}`;
    const made = planUnits(builder, { ...tower, z, dz, units, name, drops: name });
    const floors = builder.floorsOf(cutsOff(tower) ? 'relu' : 'linear', units);
    const below = layers.at(-1)?.units;
    layers.push(
      below === undefined
        ? layerOnStream(builder, stream, matrix, z, dz, floors, made)
        : layerOn(builder, below, { matrix, z, dz, floors }, made),
    );
    width = units;
  });
  const matrix = matrixOf('output', width, outputs);
  const [z, dz] = [builder.rows(outputs), builder.rows(outputs)];
  const linear = builder.floorsOf('linear', outputs);
  const units: Units = planUnits(builder, {
    z,
    dz,
    units: outputs,
    activation: 'linear',
    name: '',
    drops: '',
  });
  const below = layers.at(-1)?.units;
  const last =
    below === undefined
      ? layerOnStream(builder, stream, matrix, z, dz, linear, units)
      : layerOn(builder, below, { matrix, z, dz, floors: linear }, units);

  const kind = lossKind[task.kind];
  const predictions = builder.evaluation.take(builder.limits.evaluationRows * outputs);
  builder.predictions.push(predictions);
  builder.predict.push([operation.PREDICT, kind, outputs, z.at, z.stride, predictions]);
  return {
    layers,
    output: () => last.product(),
    outputBackward: () => {
      builder.backward.push([operation.LOSS, kind, number, outputs, z.at, z.stride, dz.at, dz.stride]);
      last.below();
    },
  };
}

/** A tower's lowest layer. */
function layerOnStream(
  builder: Builder,
  stream: Stream,
  matrix: Matrix,
  z: Rows,
  dz: Rows,
  floors: number,
  units: Units,
): Layer {
  return {
    units,
    product: () => builder.layer(stream.value, matrix, z, floors),
    below: () => {
      builder.layerGradients(stream.value, matrix, dz, {
        cutOff: units.floor === 0 && units.normal === null,
      });
      builder.inputGradient(dz, matrix, stream.gradient, { add: stream.gradientStarted, below: null });
      stream.gradientStarted = true;
    },
  };
}
