import { InputError } from '../shared/errors.js';
import type {
  ExpertDescription,
  GateDescription,
  LayerExtras,
  LevelDescription,
  NetworkDescription,
  RouteDescription,
} from './description.js';
import { parameterSpecs } from './parameters.js';
import { inputLayout, levelWidth } from './widths.js';

/**
 * Throws InputError (`network.…`) at the first place where the description contradicts itself. Levels and
 * experts count from 1 in messages.
 */
export function validateNetwork(network: NetworkDescription): void {
  validateInput(network);
  if (network.levels.length === 0) throw wrong('levels', 'the network has no level of experts');
  network.levels.forEach((level, index) =>
    validateLevel(level, index, network.levels[index - 1]?.streams.length ?? 1),
  );
  validateTasks(network);
  validateDistance(network);
}

function validateDistance(network: NetworkDescription): void {
  if (network.distance === undefined) return;
  const { strength, groups } = network.distance;
  if (!isAmount(strength))
    throw wrong('distance', `the constraint has the strength ${strength}: it must be 0 or more`);
  const shapes = new Map(parameterSpecs(network).map(({ name, shape }) => [name, shape.join(' × ')]));
  for (const group of groups) {
    for (const name of group) {
      if (shapes.get(name) === undefined)
        throw wrong('distance', `the constraint names "${name}", which is no parameter`);
      if (shapes.get(name) !== shapes.get(group[0]!))
        throw wrong(
          'distance',
          `the constraint holds "${name}" and "${group[0]}" together, of different shapes`,
        );
    }
  }
}

function validateInput({ input }: NetworkDescription): void {
  if (!isCount(input.numeric, 0)) throw wrong('input', `the number of numeric columns is ${input.numeric}`);
  for (const { name, size, encode } of input.fields) {
    if (!isCount(size)) throw wrong('input', `field "${name}" has ${size} values`);
    if (encode !== 'onehot' && !isCount(encode.embedding))
      throw wrong('input', `field "${name}" has an embedding of width ${encode.embedding}`);
  }
  distinct('input', 'field', input.fields);
  if (input.interactions !== undefined) {
    const widths = input.fields.flatMap(({ encode }) => (encode === 'onehot' ? [] : [encode.embedding]));
    if (widths.length < 2 || widths.some((width) => width !== widths[0]))
      throw wrong(
        'interactions',
        `an FM layer needs two or more embeddings of one width; these columns have ${describeWidths(widths)}: ${widths.length < 2 ? 'give two or more categorical columns' : 'give all of them'} "encode": { "embedding": ${widths[0] ?? 8} }`,
      );
  }
  if (inputLayout(input).width === 0) {
    throw wrong(
      'input',
      'there is no feature column left: every column is a label or left out; name the columns to use in "columns"',
    );
  }
}

function validateLevel(level: LevelDescription, index: number, sources: number): void {
  const here = `level ${index + 1}`;
  if (level.experts.length === 0) throw wrong('experts', `${here} has no expert`);
  const source = (what: string, value: number) => {
    if (!isIndex(value, sources))
      throw wrong('source', `${what} reads stream ${value + 1}, but there are ${sources} below it`);
  };
  const width = levelWidth(level);
  level.experts.forEach((expert, number) => {
    const what = `${here}, expert ${number + 1}`;
    source(what, expert.source);
    if (expert.layers.length === 0)
      throw wrong('layers', `${what} has no layer: give model.experts.layers at least one number of units`);
    units(what, expert.layers);
    extras(what, expert);
    const { startScale = 1 } = expert;
    if (!(isAmount(startScale) && startScale > 0))
      throw wrong('start', `${what} starts scaled by ${startScale}: it must be above 0`);
    if (expert.sharesWith !== undefined) validateSharing(what, expert, level.experts.slice(0, number));
    if (expert.layers.at(-1) !== width)
      throw wrong(
        'width',
        `${what} ends in ${expert.layers.at(-1)} units, expert 1 in ${width}: a level's experts must end alike`,
      );
  });
  level.gates.forEach((gate, number) => {
    const what = `${here}, gate ${number + 1}`;
    source(what, gate.source);
    if (gate.experts.length === 0) throw wrong('gate', `${what} weighs no expert`);
    gate.experts.forEach((expert, place) => {
      if (!isIndex(expert, level.experts.length))
        throw wrong('gate', `${what} weighs expert ${expert + 1}, but there are ${level.experts.length}`);
      if (place > 0 && expert <= gate.experts[place - 1]!)
        throw wrong('gate', `${what} names its experts out of order or twice`);
    });
    if (!(gate.temperature > 0 && Number.isFinite(gate.temperature)))
      throw wrong('gate', `${what} has the temperature ${gate.temperature}: it must be above 0`);
    units(what, gate.layers ?? []);
    if (!isShare(gate.dropout ?? 0))
      throw wrong('gate', `${what} has the dropout ${gate.dropout}: it must be 0 or more and below 1`);
    if (!isAmount(gate.balance ?? 0))
      throw wrong('gate', `${what} has the balance ${gate.balance}: it must be 0 or more`);
    validateChoice(what, gate);
  });
  if (level.streams.length === 0) throw wrong('streams', `${here} has no stream`);
  distinct('streams', `${here}: stream`, level.streams);
  for (const { name, route } of level.streams) validateRoute(`${here}, stream "${name}"`, route, level);
}

function validateChoice(what: string, { choice, experts }: GateDescription): void {
  if (choice === undefined) return;
  if (!isCount(choice.count)) throw wrong('gate', `${what} chooses ${choice.count} experts`);
  if (choice.count > experts.length)
    throw wrong(
      'gate',
      `${what} chooses ${choice.count} of ${experts.length} experts: it can choose at most as many as it may see`,
    );
  if (choice.kind === 'top') {
    if (!isAmount(choice.load ?? 0))
      throw wrong('gate', `${what} has the load factor ${choice.load}: it must be 0 or more`);
    return;
  }
  if (!(isAmount(choice.width) && choice.width > 0))
    throw wrong('gate', `${what} has steps of the width ${choice.width}: it must be above 0`);
  if (!isAmount(choice.entropy))
    throw wrong('gate', `${what} has the entropy factor ${choice.entropy}: it must be 0 or more`);
}

function validateSharing(
  what: string,
  expert: ExpertDescription,
  earlier: readonly ExpertDescription[],
): void {
  const other = earlier[expert.sharesWith!];
  if (other === undefined)
    throw wrong(
      'shares',
      `${what} uses the weights of expert ${expert.sharesWith! + 1}, which is not before it`,
    );
  if (other.sharesWith !== undefined)
    throw wrong(
      'shares',
      `${what} uses the weights of expert ${expert.sharesWith! + 1}, which has none of its own`,
    );
  if (expert.normalization === 'batch')
    throw wrong('shares', `${what} has batch normalization, whose statistics it cannot share`);
  const shape = ({ layers, activation, bias = true, normalization, dropout = 0 }: ExpertDescription) =>
    JSON.stringify([layers, activation, bias, normalization ?? null, dropout]);
  if (shape(other) !== shape(expert))
    throw wrong(
      'shares',
      `${what} uses the weights of expert ${expert.sharesWith! + 1}, but is of another shape`,
    );
}

function validateRoute(what: string, route: RouteDescription, level: LevelDescription): void {
  if (route.kind === 'gate') {
    if (!isIndex(route.gate, level.gates.length))
      throw wrong('route', `${what} follows gate ${route.gate + 1}, but there are ${level.gates.length}`);
    return;
  }
  if (route.kind === 'constants' && !isAmount(route.learningRate ?? 1))
    throw wrong('route', `${what} has the learning-rate factor ${route.learningRate}: it must be 0 or more`);
  const weights = route.kind === 'fixed' ? route.weights : route.initial;
  if (weights.length !== level.experts.length)
    throw wrong('route', `${what} has ${weights.length} weights for ${level.experts.length} experts`);
  if (weights.some((weight) => weight !== null && !Number.isFinite(weight)))
    throw wrong('route', `${what} has a weight that is not a finite number`);
  if (weights.every((weight) => weight === null)) throw wrong('route', `${what} weighs no expert`);
}

function validateTasks({ tasks, levels }: NetworkDescription): void {
  if (tasks.length === 0) throw wrong('tasks', 'there is no task');
  distinct('tasks', 'task', tasks);
  const streams = levels.at(-1)!.streams.length;
  for (const { name, kind, outputs, stream, tower, lossWeight } of tasks) {
    const what = `task "${name}"`;
    if (!isIndex(stream, streams))
      throw wrong('tasks', `${what} reads stream ${stream + 1}, but the top level has ${streams}`);
    units(`${what}, tower`, tower.layers);
    extras(`${what}, tower`, tower);
    if (kind === 'multiclass' ? !isCount(outputs, 2) : outputs !== 1) {
      throw wrong(
        'tasks',
        `${what} is ${kind} and has ${outputs} outputs: ${kind === 'multiclass' ? 'it needs one per class, at least 2' : 'it has 1'}`,
      );
    }
    if (!(lossWeight >= 0 && Number.isFinite(lossWeight)))
      throw wrong('tasks', `${what} has the loss weight ${lossWeight}: it must be 0 or more`);
  }
  for (const [index, level] of levels.entries()) {
    for (const { name, task } of level.streams) {
      if (task !== null && !isIndex(task, tasks.length))
        throw wrong(
          'streams',
          `level ${index + 1}, stream "${name}" belongs to task ${task + 1}, but there are ${tasks.length}`,
        );
    }
  }
}

const wrong = (code: string, message: string) => new InputError(`network.${code}`, message);
const isCount = (value: number, least = 1) => Number.isSafeInteger(value) && value >= least;
const isAmount = (value: number) => value >= 0 && Number.isFinite(value);
const isShare = (value: number) => value >= 0 && value < 1;
const describeWidths = (widths: readonly number[]) =>
  widths.length === 0
    ? 'none'
    : `${widths.length === 1 ? 'one of width' : 'the widths'} ${widths.join(', ')}`;
const isIndex = (value: number, length: number) => isCount(value, 0) && value < length;

function extras(what: string, { dropout = 0 }: LayerExtras): void {
  if (!isShare(dropout))
    throw wrong('dropout', `${what} has the dropout ${dropout}: it must be 0 or more and below 1`);
}

function units(what: string, layers: readonly number[]): void {
  for (const layer of layers)
    if (!isCount(layer)) throw wrong('layers', `${what} has a layer of ${layer} units`);
}

function distinct(code: string, what: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name)) throw wrong(code, `${what} "${name}" is there twice: names must differ`);
    seen.add(name);
  }
}
