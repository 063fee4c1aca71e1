import { createHash } from 'node:crypto';
import { experimentFromText } from '../experiment/load.js';
import type { Experiment, Source } from '../experiment/schema.js';
import { InputError } from '../shared/errors.js';
import { setsOf, type Settings } from '../shared/study/settings.js';
import { drawPoints } from '../tuner/space.js';
import { spaceOf } from './choices.js';
import type { Study } from './load-study.js';
import type { Objective } from './objectives.js';
import type { StudyFile } from './schema.js';

/** One training of a study. */
export interface StudyRun {
  /** The same for the same training, whatever study it is planned in: a hash of all its settings. */
  readonly key: string;
  /** The combination's settings, also the one that was picked. */
  readonly settings: Settings;
  readonly seed: number;
  /** It helps to pick a setting, and does not count as a result. */
  readonly isTrial: boolean;
  /** Of a tuner's trial, its place among those of the combination, from 0. */
  readonly trial?: number;
  /** When the training is to be stopped early. */
  readonly stopping?: Stopping;
  /** What is changed in the base experiment, as `--set` takes it. */
  readonly sets: readonly string[];
}

/** When a training is stopped early: where it comes to a rung with too large a cost. */
export interface Stopping {
  readonly objective: Objective;
  readonly rungs: readonly { readonly epoch: number; readonly most: number | null }[];
}

/** The first seed of a tuner's trials: those of results do not come so far, whatever their number. */
const firstTuningSeed = 1_000_001;

/**
 * Returns every combination of the values that vary, the last setting the fastest, each with every random draw; of
 * draws alike, the first.
 */
export function combinations({ vary, random }: Pick<StudyFile, 'vary' | 'random'>): Settings[] {
  const varied = Object.entries(vary).reduce<Settings[]>(
    (before, [path, values]) => before.flatMap((one) => values.map((value) => ({ ...one, [path]: value }))),
    [{}],
  );
  if (random === undefined) return varied;
  const { settings, draws, seed } = random;
  const drawn = varied.flatMap((one) =>
    drawPoints(spaceOf(settings, one), draws, seed).map((point): Settings => ({ ...one, ...point })),
  );
  return [...new Map(drawn.map((one) => [JSON.stringify(one), one])).values()];
}

/** Returns the trainings of a combination, with the study's seeds. Throws InputErrors of the experiment. */
export function runsOf(study: Study, settings: Settings): StudyRun[] {
  const { count, first } = seedsOf(study.file);
  return withSeeds(study, settings, { count, first }, false);
}

/** Returns the trainings by which a combination's setting is picked. Throws InputErrors of the experiment. */
export function trialsOf(study: Study, settings: Settings): StudyRun[] {
  const { pick } = study.file;
  if (pick === undefined) return [];
  const { count, first } = seedsOf(study.file);
  const seeds = { count: pick.seeds, first: first + count };
  return pick.values.flatMap((value) =>
    withSeeds(study, { ...settings, [pick.setting]: value }, seeds, true),
  );
}

/**
 * Returns the trainings of a tuner's trial with settings that it proposes, and their number of epochs. Throws
 * InputErrors of the experiment.
 */
export function tuningRunsOf(
  study: Study,
  settings: Settings,
  trial: number,
): { readonly runs: StudyRun[]; readonly epochs: number } {
  const { seeds, stopEarly } = study.file.tune!;
  const { experiment } = experimentFromText({ ...study.base, sets: setsOf(settings) });
  const runs = withSeeds(study, settings, { count: seeds, first: firstTuningSeed }, true, stopEarly);
  return { runs: runs.map((run) => ({ ...run, trial })), epochs: experiment.training.epochs };
}

/**
 * Throws the InputError of an end of a range, or of a value, that is tuned and that the experiment cannot have: better
 * before the first trial than after many.
 */
export function checkTuned(study: Study, settings: Settings): void {
  for (const dimension of spaceOf(study.file.tune!.settings, settings)) {
    const { name, when = {} } = dimension;
    const needed = Object.fromEntries(Object.entries(when).map(([path, [first]]) => [path, first]));
    const ends = dimension.kind === 'choice' ? dimension.values : [dimension.from, dimension.to];
    for (const end of ends)
      experimentFromText({ ...study.base, sets: setsOf({ ...settings, ...needed, [name]: end }) });
  }
}

/** Returns the seeds of a study. */
export function seedsOf({ seeds }: StudyFile): { count: number; first: number; data: boolean } {
  return typeof seeds === 'number' ? { count: seeds, first: 1, data: false } : seeds;
}

function withSeeds(
  study: Study,
  settings: Settings,
  { count, first }: { readonly count: number; readonly first: number },
  isTrial: boolean,
  more?: unknown,
): StudyRun[] {
  // Read once: the seeds make no difference to what is a mistake.
  const { experiment } = experimentFromText({ ...study.base, sets: setsOf(settings) });
  const drawn = seedsOf(study.file).data ? drawnOf(study, experiment) : null;
  const { measure } = study.file;
  // A line has what its study measures; trials do without.
  const also = isTrial || measure === undefined ? more : { measure };
  const seeds = Array.from({ length: count }, (_, i) => first + i);
  return seededRuns(experiment, { settings, seeds, drawn, isTrial, more: also });
}

/** What an experiment of a combination is trained with. */
interface Seeding {
  /** Those of the combination, which the experiment has. */
  readonly settings: Settings;
  readonly seeds: readonly number[];
  /** The source of which each seed draws rows of its own; null: all have the same. */
  readonly drawn?: Drawn | null;
  readonly isTrial?: boolean;
  /** What its trainings depend on beside it. */
  readonly more?: unknown;
}

/** Returns the trainings of a combination's experiment, one for each seed. */
export function seededRuns(
  experiment: Experiment,
  { settings, seeds, drawn = null, isTrial = false, more }: Seeding,
): StudyRun[] {
  const own = setsOf(settings);
  const { data, training } = experiment;
  return seeds.map((seed) => {
    const key = keyOf(
      {
        ...experiment,
        training: { ...training, seed },
        ...(drawn !== null && { data: { ...data, source: drawn.withSeed(seed) } }),
      },
      more,
    );
    const sets = [
      ...own,
      `training.seed=${seed}`,
      ...(drawn === null ? [] : [`data.source.${drawn.kind}.seed=${seed}`]),
    ];
    return { key, settings, seed, isTrial, sets };
  });
}

/** Returns every combination's first training, then every one's next: wherever it ends, combinations can be compared. */
export const inRounds = <Training>(ofEach: readonly (readonly Training[])[]): Training[] =>
  Array.from({ length: Math.max(0, ...ofEach.map(({ length }) => length)) }, (_, round) =>
    ofEach.flatMap((its) => its.slice(round, round + 1)),
  ).flat();

/** A source that is drawn, and so can be drawn with another seed. */
interface Drawn {
  readonly kind: 'synthetic' | 'simulator';
  readonly withSeed: (seed: number) => Source;
}

/** Returns the source of an experiment of which each seed draws rows of its own. */
function drawnOf(study: Study, { data: { source } }: Experiment): Drawn {
  if (typeof source === 'object' && 'synthetic' in source) {
    const { synthetic } = source;
    return { kind: 'synthetic', withSeed: (seed) => ({ synthetic: { ...synthetic, seed } }) };
  }
  if (typeof source === 'object' && 'simulator' in source) {
    const { simulator } = source;
    return { kind: 'simulator', withSeed: (seed) => ({ simulator: { ...simulator, seed } }) };
  }
  const message =
    'seeds.data draws synthetic rows anew, and the rows of this experiment are a table; leave it out';
  throw new InputError('study.seeds', message, { file: study.base.path });
}

/**
 * Returns a hash of all that a training depends on but its data's content: two with the same are one. `more`: what it
 * depends on beside the experiment.
 */
export function keyOf({ name: _, engine: { use }, ...experiment }: Experiment, more?: unknown): string {
  const text = JSON.stringify([use, experiment, ...(more === undefined ? [] : [more])], sortedKeys);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

/** Orders the keys of objects, so that how they were written makes no difference. */
const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
