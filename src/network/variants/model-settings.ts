import type {
  Activation,
  ExpertDescription,
  GateDescription,
  LayerExtras,
  LevelDescription,
  NetworkDescription,
  StreamDescription,
  TaskDescription,
} from '../description.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import { seededUniform } from '../random.js';

/** What experts' and towers' layers may be told. */
interface LayerSettings {
  readonly activation?: Activation | undefined;
  readonly dropout?: number | undefined;
  readonly normalization?: 'none' | 'layer' | 'batch' | undefined;
}

/**
 * The experiment file's `model`; src/experiment/schema.ts says each in a sentence and fills in the defaults.
 */
export interface ModelSettings {
  readonly variant: string;
  readonly bottom?: { readonly layers: readonly number[] } | undefined;
  readonly interactions?: 'fm' | undefined;
  readonly levels?: number | undefined;
  readonly experts: {
    readonly count: number;
    readonly layers: readonly number[];
    readonly perTask?: number | undefined;
    readonly shared?: number | undefined;
  } & LayerSettings;
  readonly towers: { readonly layers: readonly number[] } & LayerSettings;
  readonly gates: {
    readonly bias: boolean;
    readonly temperature: number;
    readonly layers?: readonly number[] | undefined;
    readonly dropout?: number | undefined;
    readonly choose?: Choice | undefined;
    readonly balance?: number | undefined;
    readonly exclude?: number | undefined;
  };
  readonly constraint?: { readonly strength: number } | undefined;
  readonly stitches?: { readonly own: number; readonly learningRate: number } | undefined;
  readonly factorization?: { readonly ranks?: readonly number[] | undefined } | undefined;
  readonly paths?: { readonly active: number } | undefined;
  /** The variant whose parameter count the experts' widths are chosen to match. */
  readonly match?: string | { readonly variant: string; readonly gates: boolean } | undefined;
}

type Choice =
  | 'all'
  | { readonly top: number; readonly noisy: boolean; readonly load?: number | undefined }
  | { readonly selectors: number; readonly width: number; readonly entropy: number };

/** What a network must know of a task. */
export interface TaskSettings {
  readonly name: string;
  readonly kind: TaskKind;
  readonly outputs: number;
  readonly lossWeight: number;
}

/** What a variant decides; input, bottom and towers are the same for all. */
export type VariantParts = Pick<NetworkDescription, 'levels' | 'distance' | 'tucker'>;

/** `width`: of the stream that the first level reads, stream 0. */
export type Variant = (
  settings: ModelSettings,
  tasks: readonly TaskSettings[],
  width: number,
) => VariantParts;

/** Only what is not the default is said, so that a network's description, and its hash, stay as they were. */
function extrasOf({ dropout = 0, normalization = 'none' }: LayerSettings): LayerExtras {
  return { ...(dropout > 0 && { dropout }), ...(normalization !== 'none' && { normalization }) };
}

/** An expert of the experiment's kind. */
export const expertOf = (
  { experts }: ModelSettings,
  source: number,
  layers: readonly number[] = experts.layers,
): ExpertDescription => ({
  source,
  layers: [...layers],
  activation: experts.activation ?? 'relu',
  ...extrasOf(experts),
});

/** `name`: of each, by its number from 1. */
export const expertsOf = (
  settings: ModelSettings,
  count: number,
  source = 0,
  name?: (number: number) => string,
): ExpertDescription[] =>
  Array.from({ length: count }, (_, e) => ({
    ...expertOf(settings, source),
    ...(name !== undefined && { name: name(e + 1) }),
  }));

/** A gate of the experiment's kind over `experts` (ascending). */
export function gateOf(
  { gates }: ModelSettings,
  source: number,
  experts: readonly number[],
): GateDescription {
  const { bias, temperature, layers = [], dropout = 0, choose = 'all', balance = 0 } = gates;
  const choice = choiceOf(choose, experts.length);
  return {
    ...{ source, experts, bias, temperature },
    ...(layers.length > 0 && { layers: [...layers] }),
    ...(dropout > 0 && { dropout }),
    ...(choice !== null && { choice }),
    ...(balance > 0 && { balance }),
  };
}

function choiceOf(choose: Choice, seen: number): GateDescription['choice'] | null {
  if (choose === 'all') return null;
  // A gate that sees fewer experts, as in CGC, takes them all.
  if ('top' in choose) {
    const { top, noisy, load = 0 } = choose;
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
 * Exclusion (Aoki et al. 2021, MMoEEx, section 3.1): which of `count` experts each task may see, a share of
 * them left out at random, but every expert seen by some task, every task seeing some expert. The same for
 * every training seed, as the rest of the network is.
 */
export function seenExperts({ gates }: ModelSettings, tasks: number, count: number): number[][] {
  const all = Array.from({ length: count }, (_, expert) => expert);
  const { exclude = 0 } = gates;
  const seen = Array.from({ length: tasks }, (_, task) =>
    all.filter((expert) => seededUniform(1, `sees ${task} ${expert}`)() >= exclude),
  );
  for (const expert of all) if (!seen.some((own) => own.includes(expert))) seen[expert % tasks]!.push(expert);
  seen.forEach((own, task) => own.length === 0 && own.push(task % count));
  return seen.map((own) => own.sort((a, b) => a - b));
}

export const taskStreams = (
  tasks: readonly TaskSettings[],
  route: (task: number) => StreamDescription['route'],
): StreamDescription[] => tasks.map((task, index) => ({ name: task.name, task: index, route: route(index) }));

/** A weight of 1 for one of `count` experts. */
export const only = (expert: number, count: number): StreamDescription['route'] => ({
  kind: 'fixed',
  weights: Array.from({ length: count }, (_, e) => (e === expert ? 1 : 0)),
});

/**
 * Layers below the variant's first level that all tasks share (paper, section 5.2 keeps a network's lower
 * layers).
 */
export function bottomLevel(settings: ModelSettings): LevelDescription[] {
  const { bottom = { layers: [] } } = settings;
  if (bottom.layers.length === 0) return [];
  return [
    {
      experts: [{ ...expertOf(settings, 0, bottom.layers), name: 'bottom' }],
      gates: [],
      streams: [{ name: 'bottom', task: null, route: only(0, 1) }],
    },
  ];
}

/** Task k's tower reads stream k. */
export const towers = (
  { towers: { layers, activation = 'relu', ...extras } }: ModelSettings,
  tasks: readonly TaskSettings[],
): TaskDescription[] =>
  tasks.map(({ name, kind, outputs, lossWeight }, stream) => ({
    ...{ name, kind, outputs, stream },
    tower: { layers: [...layers], activation, ...extrasOf(extras) },
    lossWeight,
  }));
