import type { TaskDescription } from '../../../network/description.js';
import { topWidth } from '../../../network/widths.js';
import { operation } from '../format/operations.js';
import type { Matrix, Rows } from '../program/areas.js';
import type { Builder } from '../program/builder.js';
import { cutsOff } from './layers/activations.js';
import {
  backwardLayers,
  forwardLayers,
  isCutOff,
  layerOn,
  type Layer,
  type ProductPlaces,
} from './layers/layers-plan.js';
import { forwardProduct, inputGradient, layerGradients } from './layers/product-plan.js';
import type { Stream } from './sources/source.js';
import { planUnits, type Units } from './layers/units-plan.js';

interface TowerPlan {
  readonly layers: readonly Layer[];
  /** The linear layer on top. */
  readonly output: Layer;
  /** The output layer's values, and the gradient by them. */
  readonly z: Rows;
  readonly dz: Rows;
}

/** Plans all towers, their losses and predictions. Returns what emits the backward operations. */
export function planTowers(builder: Builder, streams: readonly Stream[]): () => void {
  const { tasks } = builder.network;
  const towers = tasks.map((task) => planTower(builder, task, streams[task.stream]!));
  const stacks = towers.map(({ layers }) => layers);
  forwardLayers(builder, stacks);
  for (const { output } of towers) output.product();
  return () => {
    towers.forEach(({ output, z, dz }, number) => {
      const { kind, outputs } = tasks[number]!;
      builder.programs.backward.push(operation.loss({ kind, task: number, outputs, z, dz }));
      output.below();
    });
    backwardLayers(builder, stacks);
  };
}

function planTower(builder: Builder, task: TaskDescription, stream: Stream): TowerPlan {
  const { tower, outputs } = task;
  const prefix = `towers.${task.name}`;
  const layers: Layer[] = [];
  const add = (places: ProductPlaces, units: Units): Layer => {
    const below = layers.at(-1)?.units;
    return below === undefined
      ? layerOnStream(builder, stream, places, units)
      : layerOn(builder, below, places, units);
  };
  let width = topWidth(builder.network);
  tower.layers.forEach((units, j) => {
    const name = `${prefix}.layers.${j}`;
    const places = placesOf(builder, name, width, units, cutsOff(tower));
    layers.push(add(places, planUnits(builder, { ...tower, ...places, units, name, drops: name })));
    width = units;
  });
  const places = placesOf(builder, `${prefix}.output`, width, outputs, false);
  const linear = { activation: 'linear', name: '', drops: '' } as const;
  const output = add(places, planUnits(builder, { ...linear, ...places, units: outputs }));
  planPrediction(builder, task, places.z);
  return { layers, output, z: places.z, dz: places.dz };
}

function placesOf(
  builder: Builder,
  name: string,
  width: number,
  units: number,
  relu: boolean,
): ProductPlaces {
  const matrix: Matrix = builder.matrix(width, units);
  builder.place(`${name}.weight`, matrix.weight, width, units);
  builder.placeRow(`${name}.bias`, matrix.bias, units);
  const z = builder.rows(units);
  const dz = builder.rows(units);
  return { matrix, z, dz, floors: builder.floorsOf(relu, units) };
}

function planPrediction(builder: Builder, { kind, outputs }: TaskDescription, z: Rows): void {
  const to = builder.areas.evaluation.take(builder.limits.evaluationRows * outputs);
  builder.evaluated.predictions.push(to);
  builder.programs.predict.push(operation.predict({ kind, outputs, z, to }));
}

/** Returns a tower's lowest layer, which reads a stream. */
function layerOnStream(
  builder: Builder,
  stream: Stream,
  { matrix, z, dz, floors }: ProductPlaces,
  units: Units,
): Layer {
  return {
    units,
    product: () => forwardProduct(builder, stream.value, matrix, z, floors),
    below: () => {
      layerGradients(builder, stream.value, matrix, dz, { cutOff: isCutOff(units) });
      inputGradient(builder, dz, matrix, stream.gradient, { add: stream.gradientStarted, below: null });
      stream.gradientStarted = true;
    },
  };
}
