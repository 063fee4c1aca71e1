import type { RunHistory } from '../../../src/shared/run/run-history.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { columnName, columnWeights, expertColumns, type ExpertColumn } from '../routes/expert-columns.js';

/** The mean weights of one level over the epochs. */
export interface Drift {
  readonly epochs: readonly number[];
  readonly experts: readonly ExpertColumn[];
  readonly streams: readonly {
    readonly name: string;
    readonly task: number | null;
    /** [experts][epochs] */
    readonly weights: readonly (readonly number[])[];
  }[];
  /** The largest weight by size, which has full colour. */
  readonly largest: number;
  /** Whether some weights are negative, so that colours go both ways from 0. */
  readonly isSigned: boolean;
}

/**
 * Builds the drift over all validation rows, which are looked at after every epoch. Returns null until the
 * network is known.
 */
export function buildDrift(
  history: RunHistory,
  network: RunManifest['network'],
  level: number,
): Drift | null {
  const shape = network?.levels[level];
  if (!shape) return null;
  const events = history.routes.filter((event) => event.level === level);
  const experts = expertColumns(shape);
  const streams = shape.streams.map(({ name, task }, stream) => ({
    name,
    task,
    weights: byExpert(
      experts,
      events.map((event) => columnWeights(experts, event.groups[0]?.streams[stream]?.mean ?? [])),
    ),
  }));
  let [lowest, highest] = [0, 0];
  for (const weight of streams.flatMap(({ weights }) => weights.flat())) {
    lowest = Math.min(lowest, weight);
    highest = Math.max(highest, weight);
  }
  return {
    epochs: events.map(({ epoch }) => epoch),
    experts,
    streams,
    largest: Math.max(-lowest, highest),
    isSigned: lowest < 0,
  };
}

const byExpert = (experts: readonly ExpertColumn[], byEpoch: readonly (readonly number[])[]): number[][] =>
  experts.map((_, expert) => byEpoch.map((weights) => weights[expert] ?? 0));

/**
 * Returns, for at most `max` columns, the index of the epoch that each shows. Where there are more epochs,
 * several share a column, which shows the last of them.
 */
export function epochColumns(epochs: number, max: number): number[] {
  const columns = Math.min(epochs, Math.max(1, Math.floor(max)));
  return Array.from({ length: columns }, (_, column) => Math.ceil(((column + 1) * epochs) / columns) - 1);
}

export function driftTable(
  { epochs, experts, streams }: Drift,
  words: { task: string; expert: string; epoch: string },
): TableData {
  return {
    columns: [words.task, words.expert, ...epochs.map((epoch) => `${words.epoch} ${epoch}`)],
    rows: streams.flatMap(({ name, weights }) =>
      weights.map((row, expert) => [name, columnName(experts[expert]!), ...row]),
    ),
  };
}
