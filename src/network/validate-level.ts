import type {
  ExpertDescription,
  GateChoice,
  GateDescription,
  LevelDescription,
  RouteDescription,
} from './description.js';
import {
  checkExtras,
  checkNames,
  checkUnits,
  isAmount,
  isCount,
  isIndex,
  isPositive,
  isShare,
  wrong,
} from './description-checks.js';
import { levelWidth } from './widths.js';

/**
 * Throws InputError (`network.…`) at the first contradiction in a level that reads `sources` streams.
 * Messages count levels and experts from 1; `index` counts from 0.
 */
export function validateLevel(level: LevelDescription, index: number, sources: number): void {
  const here = `level ${index + 1}`;
  if (level.experts.length === 0) throw wrong('experts', `${here} has no expert`);
  level.experts.forEach((expert, number) => {
    const what = `${here}, expert ${number + 1}`;
    validateSource(what, expert.source, sources);
    validateExpert(what, expert, level.experts.slice(0, number));
    const width = levelWidth(level);
    const own = expert.layers.at(-1);
    if (own !== width)
      throw wrong(
        'width',
        `${what} ends in ${own} units, expert 1 in ${width}: a level's experts must end alike`,
      );
  });
  level.gates.forEach((gate, number) => {
    const what = `${here}, gate ${number + 1}`;
    validateSource(what, gate.source, sources);
    validateGate(what, gate, level.experts.length);
  });
  if (level.streams.length === 0) throw wrong('streams', `${here} has no stream`);
  checkNames('streams', `${here}: stream`, level.streams);
  for (const { name, route } of level.streams) validateRoute(`${here}, stream "${name}"`, route, level);
}

function validateSource(what: string, source: number, sources: number): void {
  if (!isIndex(source, sources))
    throw wrong('source', `${what} reads stream ${source + 1}, but there are ${sources} below it`);
}

function validateExpert(
  what: string,
  expert: ExpertDescription,
  earlier: readonly ExpertDescription[],
): void {
  if (expert.layers.length === 0)
    throw wrong('layers', `${what} has no layer: give model.experts.layers at least one number of units`);
  checkUnits(what, expert.layers);
  checkExtras(what, expert);
  const { startScale = 1 } = expert;
  if (!isPositive(startScale))
    throw wrong('start', `${what} starts scaled by ${startScale}: it must be above 0`);
  if (expert.sharesWith !== undefined) validateSharing(what, expert, expert.sharesWith, earlier);
}

function validateGate(what: string, gate: GateDescription, experts: number): void {
  if (gate.experts.length === 0) throw wrong('gate', `${what} weighs no expert`);
  gate.experts.forEach((expert, place) => {
    if (!isIndex(expert, experts))
      throw wrong('gate', `${what} weighs expert ${expert + 1}, but there are ${experts}`);
    if (place > 0 && expert <= gate.experts[place - 1]!)
      throw wrong('gate', `${what} names its experts out of order or twice`);
  });
  if (!isPositive(gate.temperature))
    throw wrong('gate', `${what} has the temperature ${gate.temperature}: it must be above 0`);
  checkUnits(what, gate.layers ?? []);
  if (!isShare(gate.dropout ?? 0))
    throw wrong('gate', `${what} has the dropout ${gate.dropout}: it must be 0 or more and below 1`);
  if (!isAmount(gate.balance ?? 0))
    throw wrong('gate', `${what} has the balance ${gate.balance}: it must be 0 or more`);
  const mistake = gate.choice === undefined ? null : choiceMistake(gate.choice, gate.experts.length);
  if (mistake !== null) throw wrong('gate', `${what} ${mistake}`);
}

/** Returns what is wrong with a choice among `seen` experts; null: nothing is. */
function choiceMistake(choice: GateChoice, seen: number): string | null {
  const { count } = choice;
  if (!isCount(count)) return `chooses ${count} experts`;
  if (count > seen) return `chooses ${count} of ${seen} experts: it can choose at most as many as it may see`;
  switch (choice.kind) {
    case 'top': {
      const { load = 0 } = choice;
      return isAmount(load) ? null : `has the load factor ${load}: it must be 0 or more`;
    }
    case 'selectors': {
      const { width, entropy } = choice;
      if (!isPositive(width)) return `has steps of the width ${width}: it must be above 0`;
      return isAmount(entropy) ? null : `has the entropy factor ${entropy}: it must be 0 or more`;
    }
  }
}

function validateSharing(
  what: string,
  expert: ExpertDescription,
  owner: number,
  earlier: readonly ExpertDescription[],
): void {
  const uses = `${what} uses the weights of expert ${owner + 1}`;
  const other = earlier[owner];
  if (other === undefined) throw wrong('shares', `${uses}, which is not before it`);
  if (other.sharesWith !== undefined) throw wrong('shares', `${uses}, which has none of its own`);
  if (expert.normalization === 'batch')
    throw wrong('shares', `${what} has batch normalization, whose statistics it cannot share`);
  const shape = ({ layers, activation, bias = true, normalization, dropout = 0 }: ExpertDescription) =>
    JSON.stringify([layers, activation, bias, normalization ?? null, dropout]);
  if (shape(other) !== shape(expert)) throw wrong('shares', `${uses}, but is of another shape`);
}

function validateRoute(what: string, route: RouteDescription, level: LevelDescription): void {
  const mistake = routeMistake(route, level);
  if (mistake !== null) throw wrong('route', `${what} ${mistake}`);
}

/** Returns what is wrong with a route; null: nothing is. */
function routeMistake(route: RouteDescription, { experts, gates }: LevelDescription): string | null {
  switch (route.kind) {
    case 'gate':
      return isIndex(route.gate, gates.length)
        ? null
        : `follows gate ${route.gate + 1}, but there are ${gates.length}`;
    case 'fixed':
      return weightsMistake(route.weights, experts.length);
    case 'path':
      return weightsMistake(route.initial, experts.length);
    case 'constants': {
      const { initial, learningRate = 1 } = route;
      if (!isAmount(learningRate))
        return `has the learning-rate factor ${learningRate}: it must be 0 or more`;
      return weightsMistake(initial, experts.length);
    }
  }
}

function weightsMistake(weights: readonly (number | null)[], experts: number): string | null {
  if (weights.length !== experts) return `has ${weights.length} weights for ${experts} experts`;
  if (weights.some((weight) => weight !== null && !Number.isFinite(weight)))
    return 'has a weight that is not a finite number';
  return weights.every((weight) => weight === null) ? 'weighs no expert' : null;
}
