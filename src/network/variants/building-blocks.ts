import type { Model } from '../../experiment/schema/model.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import type {
  ExpertDescription,
  GateChoice,
  GateDescription,
  LayerExtras,
  LevelDescription,
  NetworkDescription,
  StreamDescription,
  TaskDescription,
} from '../description.js';
import { seededUniform } from '../draws/random.js';

/** The facts of a task that a network depends on. */
export interface TaskSettings {
  readonly name: string;
  readonly kind: TaskKind;
  readonly outputs: number;
  readonly lossWeight: number;
}

/** The parts of a network that a variant decides; input, bottom and towers are the same for all. */
export type VariantParts = Pick<NetworkDescription, 'levels' | 'distance' | 'tucker'>;

/** Builds a variant's levels. `width` is the width of stream 0, which the first level reads. */
export type BuildVariant = (model: Model, tasks: readonly TaskSettings[], width: number) => VariantParts;

/**
 * Returns what layers do beside their product. Defaults are left out, so that the description of a network,
 * and its hash, do not change with each new setting.
 */
function extrasOf({
  dropout,
  normalization,
}: Pick<Model['towers'], 'dropout' | 'normalization'>): LayerExtras {
  return { ...(dropout > 0 && { dropout }), ...(normalization !== 'none' && { normalization }) };
}

/** Returns an expert as the model describes them; `source` is the stream that it reads. */
export const expertOf = (
  { experts }: Model,
  source: number,
  layers: readonly number[] = experts.layers,
): ExpertDescription => ({
  source,
  layers: [...layers],
  activation: experts.activation,
  ...extrasOf(experts),
});

/** Returns `count` experts alike; `name` gives each its name by its number, from 1. */
export const expertsOf = (
  model: Model,
  count: number,
  source = 0,
  name?: (number: number) => string,
): ExpertDescription[] =>
  Array.from({ length: count }, (_, e) => ({
    ...expertOf(model, source),
    ...(name !== undefined && { name: name(e + 1) }),
  }));

/** Returns a gate as the model describes them, over `experts` (ascending). */
export function gateOf({ gates }: Model, source: number, experts: readonly number[]): GateDescription {
  const { bias, temperature, layers, dropout, choose, balance } = gates;
  const choice = choiceOf(choose, experts.length);
  return {
    ...{ source, experts, bias, temperature },
    ...(layers.length > 0 && { layers: [...layers] }),
    ...(dropout > 0 && { dropout }),
    ...(choice !== null && { choice }),
    ...(balance > 0 && { balance }),
  };
}

/** Returns how a gate chooses among the experts that it sees; where these are fewer, it takes them all. */
function choiceOf(choose: Model['gates']['choose'], seen: number): GateChoice | null {
  if (choose === 'all') return null;
  if ('top' in choose) {
    const { top, noisy, load } = choose;
    return {
      kind: 'top',
      count: Math.min(top, seen),
      noisy,
      ...(noisy && top < seen && load > 0 && { load }),
    };
  }
  return {
    kind: 'selectors',
    count: Math.min(choose.selectors, seen),
    width: choose.width,
    entropy: choose.entropy,
  };
}

/**
 * Returns which of `count` experts each task may see (exclusion: Aoki et al. 2021, MMoEEx, section 3.1). A
 * share of them is left out at random, but some task sees every expert, and every task sees some expert. The
 * choice does not depend on the training seed, nor does the rest of the network.
 */
export function seenExperts({ gates }: Model, tasks: number, count: number): number[][] {
  const all = Array.from({ length: count }, (_, expert) => expert);
  const { exclude } = gates;
  const seen = Array.from({ length: tasks }, (_, task) =>
    all.filter((expert) => seededUniform(1, `sees ${task} ${expert}`)() >= exclude),
  );
  for (const expert of all) if (!seen.some((own) => own.includes(expert))) seen[expert % tasks]!.push(expert);
  seen.forEach((own, task) => own.length === 0 && own.push(task % count));
  return seen.map((own) => own.sort((a, b) => a - b));
}

/** Returns a stream for each task, named like the task. */
export const taskStreams = (
  tasks: readonly TaskSettings[],
  route: (task: number) => StreamDescription['route'],
): StreamDescription[] => tasks.map((task, index) => ({ name: task.name, task: index, route: route(index) }));

/** Returns a route that gives one of `count` experts the weight 1. */
export const only = (expert: number, count: number): StreamDescription['route'] => ({
  kind: 'fixed',
  weights: Array.from({ length: count }, (_, e) => (e === expert ? 1 : 0)),
});

/**
 * Returns the level below the variant's first one, whose layers all tasks share; none without such layers
 * (paper, section 5.2: the recommender keeps its lower layers).
 */
export function bottomLevel(model: Model): LevelDescription[] {
  const { bottom } = model;
  if (bottom.layers.length === 0) return [];
  return [
    {
      experts: [{ ...expertOf(model, 0, bottom.layers), name: 'bottom' }],
      gates: [],
      streams: [{ name: 'bottom', task: null, route: only(0, 1) }],
    },
  ];
}

/** Returns the tasks with their towers; task k's tower reads stream k. */
export const towers = (
  { towers: { layers, activation, ...extras } }: Model,
  tasks: readonly TaskSettings[],
): TaskDescription[] =>
  tasks.map(({ name, kind, outputs, lossWeight }, stream) => ({
    ...{ name, kind, outputs, stream },
    tower: { layers: [...layers], activation, ...extrasOf(extras) },
    lossWeight,
  }));
