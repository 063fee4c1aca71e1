import type { ExpertDescription, NetworkDescription, StreamDescription, TaskDescription, TaskKind } from '../description.js';

/** The experiment file's `model`, defaults filled in. */
export interface ModelSettings {
  readonly variant: string;
  readonly experts: { readonly count: number; readonly layers: readonly number[] };
  readonly towers: { readonly layers: readonly number[] };
  readonly gates: { readonly bias: boolean; readonly temperature: number };
}

/** What a network must know of a task. */
export interface TaskSettings {
  readonly name: string;
  readonly kind: TaskKind;
  readonly outputs: number;
  readonly lossWeight: number;
}

/** What a variant decides; input and towers are the same for all. */
export type VariantParts = Pick<NetworkDescription, 'levels'>;

/** A variant with one level: `count` ReLU experts on the input, one stream per task. */
export const inputExperts = (settings: ModelSettings, count: number): ExpertDescription[] =>
  Array.from({ length: count }, () => ({ source: 0, layers: [...settings.experts.layers], activation: 'relu' }));

export const taskStreams = (tasks: readonly TaskSettings[], route: (task: number) => StreamDescription['route']): StreamDescription[] =>
  tasks.map((task, index) => ({ name: task.name, task: index, route: route(index) }));

/** Task k's tower reads stream k. */
export const towers = (settings: ModelSettings, tasks: readonly TaskSettings[]): TaskDescription[] =>
  tasks.map(({ name, kind, outputs, lossWeight }, stream) => ({
    name,
    kind,
    outputs,
    stream,
    tower: { layers: [...settings.towers.layers], activation: 'relu' },
    lossWeight,
  }));
