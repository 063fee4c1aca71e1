import { inputOf, numericNames, type Encoder } from '../../data/encode/encoder.js';
import { membersWeights, type Members } from '../../engine/members.js';
import { carriedFrom, carryInto, UnlikeNetworks, type Carried } from '../../network/carry.js';
import type { NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import type { StartedFrom } from '../../shared/run/run-manifest.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import { networkOf, type Earlier } from './earlier.js';

/** What a training takes over from an earlier run. */
export interface Start {
  readonly earlier: Earlier;
  readonly carried: Carried;
}

/** Finds out what a network can take over. Throws ExperimentError where that is nothing. */
export function startOf(
  earlier: Earlier,
  { description, encoder, members }: { description: NetworkDescription; encoder: Encoder; members: number },
): Start {
  const fail = (why: string, path: readonly string[]): ExperimentError =>
    new ExperimentError('training.from', `run ${earlier.id} cannot be gone on with: ${why}`, [...path]);
  if (earlier.members !== members)
    throw fail(`it has ${earlier.members} members, and this ${members}`, ['training', 'members']);
  try {
    const now = { network: description, numeric: numericNames(encoder) };
    return { earlier, carried: carriedFrom(networkOf(earlier), now) };
  } catch (error) {
    throw error instanceof UnlikeNetworks ? fail(error.message, error.path) : error;
  }
}

/**
 * Gives members the weights of an earlier run, and its moments where the optimiser has the same ones; it then counts
 * steps on from there. New weights start with the mean of the second moments that are kept: with none, their first
 * steps would be several times too long, as Adam corrects moments for the first steps of all alone. Returns what was
 * kept and what is new.
 */
export function startFrom(members: Members, { earlier, carried }: Start, encoder: Encoder): StartedFrom {
  const weightsBefore = membersWeights(earlier.weights, members.count);
  const momentsBefore = membersWeights(earlier.optimizer.moments, members.count);
  let hasMoments = false;
  members.engines.forEach((engine, member) => {
    const weights = engine.weights();
    carryInto(weights, weightsBefore[member]!, carried);
    engine.setWeights(weights);
    const { moments } = engine.optimizerState();
    const suffixes = new Set([...moments.keys()].map((name) => name.slice(name.lastIndexOf('.'))));
    const before = momentsBefore[member]!;
    if (![...moments.keys()].some((name) => before.has(name))) return;
    hasMoments = true;
    for (const { data } of moments.values()) data.fill(NaN);
    for (const suffix of suffixes) carryInto(moments, before, carried, suffix);
    fillNew(moments);
    engine.setOptimizerState({ step: earlier.optimizer.step, moments });
  });
  return reportOf(earlier, encoder, hasMoments);
}

/** Replaces NaN: by the mean of what an array keeps, or all arrays of its kind; moments of other kinds by 0. */
function fillNew(moments: NamedArrays): void {
  const all = meanOf([...moments].flatMap(([name, { data }]) => (name.endsWith('.v') ? [data] : [])));
  for (const [name, { data }] of moments) {
    const start = name.endsWith('.v') ? (meanOf([data]) ?? all ?? 0) : 0;
    for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i]!)) data[i] = start;
  }
}

/** Returns the mean of the numbers that are there; null: none is. */
function meanOf(arrays: readonly Float32Array[]): number | null {
  let [sum, count] = [0, 0];
  for (const data of arrays)
    for (let i = 0; i < data.length; i++) {
      const value = data[i]!;
      if (value !== value) continue;
      sum += value;
      count++;
    }
  return count === 0 ? null : sum / count;
}

function reportOf(
  { id, name, epoch, encoder: before }: Earlier,
  now: Encoder,
  moments: boolean,
): StartedFrom {
  const columns = ({ numeric, categorical }: Encoder): string[] =>
    [...numeric, ...categorical].map((column) => column.name);
  const tasks = ({ tasks: all }: Encoder): string[] => all.map((task) => task.name);
  const both = (which: (encoder: Encoder) => string[]) => {
    const [was, is] = [new Set(which(before)), which(now)];
    return {
      kept: is.filter((one) => was.has(one)),
      added: is.filter((one) => !was.has(one)),
      dropped: [...was].filter((one) => !is.includes(one)),
    };
  };
  const [ofColumns, ofTasks] = [both(columns), both(tasks)];
  const sizes = new Map(inputOf(before).fields.map((field) => [field.name, field.size]));
  const grown = inputOf(now).fields.flatMap(({ name: field, size }): [string, number][] => {
    const was = sizes.get(field);
    return was === undefined || size <= was ? [] : [[field, size - was]];
  });
  return {
    ...{ id, name, epoch, moments },
    kept: { columns: ofColumns.kept, tasks: ofTasks.kept },
    added: { columns: ofColumns.added, tasks: ofTasks.added },
    dropped: { columns: ofColumns.dropped, tasks: ofTasks.dropped },
    values: Object.fromEntries(grown),
  };
}
