import type { RunHistory } from '../../src/shared/history.js';
import type { RunManifest } from '../../src/shared/run.js';
import type { Table } from './table.js';

/** Mean weights over the epochs, of one level. */
export interface Drift {
  readonly epochs: readonly number[];
  readonly experts: number;
  readonly streams: readonly {
    readonly name: string;
    readonly task: number | null;
    /** [experts][epochs] */
    readonly weights: readonly (readonly number[])[];
  }[];
  /** The largest weight: full colour. */
  readonly most: number;
}

/** Over all validation rows, which are looked at after every epoch. Null until the network is known. */
export function buildDrift(history: RunHistory, network: RunManifest['network'], level: number): Drift | null {
  const shape = network?.levels[level];
  if (!shape) return null;
  const events = history.routes.filter((event) => event.level === level);
  let most = 0;
  const streams = shape.streams.map(({ name, task }, stream) => ({
    name,
    task,
    weights: Array.from({ length: shape.experts }, (_, expert) =>
      events.map((event) => {
        const weight = event.groups[0]?.streams[stream]?.mean[expert] ?? 0;
        if (weight > most) most = weight;
        return weight;
      }),
    ),
  }));
  return { epochs: events.map(({ epoch }) => epoch), experts: shape.experts, streams, most };
}

/** Columns that share one cell when there are more epochs than `most`; each is the last epoch of its share. */
export function columnsOf(epochs: number, most: number): number[] {
  const columns = Math.min(epochs, Math.max(1, Math.floor(most)));
  return Array.from({ length: columns }, (_, column) => Math.ceil(((column + 1) * epochs) / columns) - 1);
}

export function driftTable({ epochs, streams }: Drift, words: { task: string; expert: string; epoch: string }): Table {
  return {
    columns: [words.task, words.expert, ...epochs.map((epoch) => `${words.epoch} ${epoch}`)],
    rows: streams.flatMap(({ name, weights }) => weights.map((row, expert) => [name, expert + 1, ...row])),
  };
}
