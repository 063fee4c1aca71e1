import { checkTuned, combinations, runsOf, seedsOf, trialsOf, type StudyRun } from '../../study/cells.js';
import type { StudyLine } from '../../shared/study/line.js';
import type { Study } from '../../study/load-study.js';
import { takeNext, waitingRun } from '../../study/next-run.js';
import { pickedValue } from '../../study/pick.js';
import { shownValue, type Settings } from '../../shared/study/settings.js';
import type { StudyWriter } from '../../study/store.js';
import { WorkError } from '../../shared/errors.js';
import type { LineRequest } from '../trainers/messages.js';
import { withTrainers, type Lane, type TrainerPool } from '../trainers/pool.js';
import type { Trainer } from '../trainers/trainer.js';
import { runNameOf } from './run-name.js';
import type { StudyView } from './study-view.js';
import { Tuning, type Tuned } from './tuning.js';

/** A study that is trained. */
export interface StudyTraining {
  readonly study: Study;
  /** The lines that are there already, by key; those that are added come to them. */
  readonly lines: Map<string, StudyLine>;
  readonly writer: StudyWriter;
  readonly view: StudyView;
  /** The folder of the runs, if trainings are kept as such, too. */
  readonly runsFolder: string;
  /** How many are trained at once. */
  readonly parallel: number;
  readonly stop: AbortSignal;
  /** Is told the trainings that are planned: at first those by which settings are picked, then all. */
  planned(runs: readonly StudyRun[], isAll: boolean): void;
}

/** The combinations of a study, each with what was picked or tuned for it and its runs. */
export interface Trained {
  readonly settings: Settings;
  readonly lines: readonly StudyLine[];
  /** Null: nothing was tuned. */
  readonly tuned: Tuned | null;
}

/** Returns the results of a study's combinations; null: it was asked to stop. */
export async function trainStudy(training: StudyTraining): Promise<Trained[] | null> {
  const { runsFolder, parallel, stop } = training;
  return withTrainers({ runsFolder, lanes: parallel, threads: 1 }, async (pool) => {
    // What a line has come to is lost in any case.
    const kill = (): void => pool.kill();
    stop.addEventListener('abort', kill);
    if (stop.aborted) kill();
    try {
      return await trainStages(training, pool);
    } finally {
      stop.removeEventListener('abort', kill);
    }
  });
}

/** Trains what settings are chosen by, and then the results. Null: it was asked to stop. */
async function trainStages(training: StudyTraining, pool: TrainerPool): Promise<Trained[] | null> {
  const { study, lines, view } = training;
  const planned = combinations(study.file);
  const trials = planned.flatMap((settings) => trialsOf(study, settings));
  training.planned(trials, false);
  view.begin(missing(trials, lines).length);
  if (!(await trainAll(training, trials, { pool }))) return null;
  const tried: StudyRun[] = [];
  const chosen =
    study.file.tune === undefined
      ? planned.map((settings) => ({ settings: withPick(study, settings, lines), tuned: null }))
      : await tuneAll(training, planned, { pool, tried });
  if (chosen === null) return null;
  const runs = chosen.map(({ settings, tuned }) => (tuned?.winner === null ? [] : runsOf(study, settings)));
  training.planned([...trials, ...tried, ...runs.flat()], true);
  view.begin(missing(runs.flat(), lines).length);
  if (!(await trainAll(training, runs.flat(), { pool, isLast: true }))) return null;
  return chosen.map((one, i) => ({ ...one, lines: runs[i]!.map(({ key }) => lines.get(key)!) }));
}

/** Tunes all combinations, a round of each at a time. Null: it was asked to stop. */
async function tuneAll(
  training: StudyTraining,
  planned: readonly Settings[],
  /** `tried`: where the trials go that are begun. */
  { pool, tried }: { readonly pool: TrainerPool; readonly tried: StudyRun[] },
): Promise<{ settings: Settings; tuned: Tuned }[] | null> {
  const { study, lines, view } = training;
  for (const settings of planned) checkTuned(study, settings);
  const tunings = planned.map((settings) => new Tuning(study, settings, lines.values()));
  view.begin(tunings.reduce((sum, tuning) => sum + tuning.missing, 0));
  for (;;) {
    const runs = tunings.flatMap((tuning) => tuning.next());
    if (runs.length === 0) break;
    tried.push(...runs);
    training.planned(tried, false);
    if (!(await trainAll(training, runs, { pool }))) return null;
    for (const tuning of tunings) tuning.take(lines);
    view.note(tunings.flatMap((tuning) => tuning.best() ?? []).join(' · '));
  }
  view.note('');
  return tunings.map((tuning, i) => {
    const tuned = tuning.result();
    return { settings: { ...planned[i]!, ...tuned.winner?.chosen }, tuned };
  });
}

/** Returns the settings that a study's runs of a combination have, as far as its trials are there. */
export function withPick(study: Study, settings: Settings, lines: ReadonlyMap<string, StudyLine>): Settings {
  const { pick } = study.file;
  if (pick === undefined) return settings;
  const trials = trialsOf(study, settings).flatMap(({ key }) => lines.get(key) ?? []);
  return { ...settings, [pick.setting]: pickedValue(pick, trials) };
}

/** Returns the trainings that are not there yet, each once. */
const missing = (runs: readonly StudyRun[], lines: ReadonlyMap<string, StudyLine>): StudyRun[] =>
  [...new Map(runs.map((run) => [run.key, run])).values()].filter(({ key }) => !lines.has(key));

/** Where each seed draws rows of its own, those of a seed come together: a process draws them once. */
const inOrderOfData = ({ file }: Study, runs: readonly StudyRun[]): StudyRun[] =>
  seedsOf(file).data ? [...runs].sort((one, other) => one.seed - other.seed) : [...runs];

/** Trains what is not there yet, some at once. False: it was asked to stop before all were. */
async function trainAll(
  { study, lines, writer, view, runsFolder, stop }: StudyTraining,
  runs: readonly StudyRun[],
  /** `isLast`: no other trainings come after these. */
  { pool, isLast = false }: { readonly pool: TrainerPool; readonly isLast?: boolean },
): Promise<boolean> {
  const train = async (run: StudyRun, lane: Lane): Promise<void> => {
    const order = {
      base: study.base,
      measure: run.isTrial ? undefined : study.file.measure,
      keep:
        run.isTrial || study.file.keep === 'lines'
          ? undefined
          : { runsFolder, name: runNameOf(study.name, run) },
      run,
    };
    const line = await lineOf(order, lane, pool);
    if (line === null) return;
    lines.set(line.key, line);
    writer.append(line);
    view.ended(nameOfRun(run));
  };
  const waiting = inOrderOfData(study, missing(runs, lines)).map(waitingRun);
  /** The rows that each lane's trainer has. */
  const rowsOf: string[] = [];
  await pool.train(waiting, ({ run }, lane) => train(run, lane), {
    isLast,
    next(lane) {
      const others = rowsOf.filter((_, other) => other !== lane);
      const taken = takeNext(waiting, rowsOf[lane], others);
      if (taken !== undefined) rowsOf[lane] = taken.rows;
      return taken;
    },
  });
  return !stop.aborted;
}

/**
 * Returns the line of a training, which is tried once more where its trainer has died: that is not always its own fault.
 * Null: the pool is over. Throws a WorkError where the second has died, too.
 */
export async function lineOf(
  order: LineRequest,
  lane: Lane<Pick<Trainer, 'line'>>,
  pool: Pick<TrainerPool, 'isOver'>,
): Promise<StudyLine | null> {
  for (let tries = 1; ; tries++) {
    const outcome = await lane.trainer().line(order);
    if ('line' in outcome) return outcome.line;
    if (pool.isOver) return null;
    if (tries === 2)
      throw new WorkError(
        'study.process',
        `a process that trains the study has ended: ${outcome.lost.how}; begin the study again, and it goes on`,
      );
  }
}

/** Returns what a training has of its own, for people. */
const nameOfRun = ({ settings, seed, trial }: StudyRun): string =>
  [
    ...Object.values(settings).map(shownValue),
    ...(trial === undefined ? [] : [`trial ${trial + 1}`]),
    `seed ${seed}`,
  ].join(' · ');
