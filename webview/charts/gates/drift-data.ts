import type { RunHistory } from '../../../src/shared/run/run-history.js';
import type { MeanWeights } from '../../../src/shared/run/mean-weights.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { columnName, columnWeight, expertColumns, type ExpertColumn } from '../routes/expert-columns.js';

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
  const experts = expertColumns(shape);
  const known = history.means.find((means) => means.level === level);
  const knownTo = known?.epochs.at(-1) ?? -Infinity;
  const events = history.routes.filter((event) => event.level === level && event.epoch > knownTo);
  const streams = shape.streams.map(({ name, task }, stream) => {
    const weights = experts.map((): number[] => []);
    const add = (means: ArrayLike<number>): void => {
      for (const [row, column] of experts.entries()) weights[row]!.push(columnWeight(column, means));
    };
    if (known !== undefined)
      for (let look = 0; look < known.epochs.length; look++) add(meansOf(known, look, stream));
    for (const event of events) add(event.groups[0]?.streams[stream]?.mean ?? []);
    return { name, task, weights };
  });
  let [lowest, highest] = [0, 0];
  for (const { weights } of streams)
    for (const row of weights)
      for (const weight of row) {
        if (weight < lowest) lowest = weight;
        if (weight > highest) highest = weight;
      }
  return {
    epochs: [...(known?.epochs ?? []), ...events.map(({ epoch }) => epoch)],
    experts,
    streams,
    largest: Math.max(-lowest, highest),
    isSigned: lowest < 0,
  };
}

function meansOf({ weights, streams, experts }: MeanWeights, look: number, stream: number): Float64Array {
  const from = stream < streams ? (look * streams + stream) * experts : 0;
  return weights.subarray(from, stream < streams ? from + experts : 0);
}

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
