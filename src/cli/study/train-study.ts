import { checkTuned, combinations, runsOf, seedsOf, trialsOf, type StudyRun } from '../../study/cells.js';
import type { StudyLine } from '../../shared/study/line.js';
import type { Study } from '../../study/load-study.js';
import { takeNext, waitingRun } from '../../study/next-run.js';
import { pickedValue } from '../../study/pick.js';
import { shownValue, type Settings } from '../../shared/study/settings.js';
import type { StudyWriter } from '../../study/store.js';
import { runNameOf } from './run-name.js';
import { StudyProcess } from './study-process.js';
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
  const { study, lines, view } = training;
  const planned = combinations(study.file);
  const processes: StudyProcess[] = [];
  try {
    const trials = planned.flatMap((settings) => trialsOf(study, settings));
    training.planned(trials, false);
    view.begin(missing(trials, lines).length);
    if (!(await trainAll(training, trials, processes))) return null;
    const tried: StudyRun[] = [];
    const chosen =
      study.file.tune === undefined
        ? planned.map((settings) => ({ settings: withPick(study, settings, lines), tuned: null }))
        : await tuneAll(training, planned, { processes, tried });
    if (chosen === null) return null;
    const runs = chosen.map(({ settings, tuned }) => (tuned?.winner === null ? [] : runsOf(study, settings)));
    training.planned([...trials, ...tried, ...runs.flat()], true);
    view.begin(missing(runs.flat(), lines).length);
    if (!(await trainAll(training, runs.flat(), processes))) return null;
    return chosen.map((one, i) => ({ ...one, lines: runs[i]!.map(({ key }) => lines.get(key)!) }));
  } finally {
    for (const one of processes) one.kill();
  }
}

/** Tunes all combinations, a round of each at a time. Null: it was asked to stop. */
async function tuneAll(
  training: StudyTraining,
  planned: readonly Settings[],
  /** `tried`: where the trials go that are begun. */
  { processes, tried }: { readonly processes: StudyProcess[]; readonly tried: StudyRun[] },
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
    if (!(await trainAll(training, runs, processes))) return null;
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
  { study, lines, writer, view, runsFolder, parallel, stop }: StudyTraining,
  runs: readonly StudyRun[],
  processes: StudyProcess[],
): Promise<boolean> {
  const waiting = inOrderOfData(study, missing(runs, lines)).map(waitingRun);
  if (waiting.length === 0) return !stop.aborted;
  /** This stage has ended: a lane that is not done begins nothing, and keeps nothing. */
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  /** The rows that each lane's process has. */
  const rowsOf: string[] = [];
  const next = (index: number): StudyRun | undefined => {
    const others = rowsOf.filter((_, lane) => lane !== index);
    const taken = takeNext(waiting, rowsOf[index], others);
    if (taken !== undefined) rowsOf[index] = taken.rows;
    return taken?.run;
  };
  const lane = async (index: number): Promise<void> => {
    for (let run = next(index); run !== undefined && !isOver(); run = next(index)) {
      const line = await (processes[index] ??= new StudyProcess()).train({
        base: study.base,
        measure: run.isTrial ? undefined : study.file.measure,
        keep:
          run.isTrial || study.file.keep === 'lines'
            ? undefined
            : { runsFolder, name: runNameOf(study.name, run) },
        run,
      });
      // One that comes when another lane has failed, or after a stop, is trained again.
      if (isOver()) return;
      lines.set(line.key, line);
      writer.append(line);
      view.ended(nameOfRun(run));
    }
  };
  const stopped = new Promise<false>((resolve) => {
    if (stop.aborted) resolve(false);
    // Not after this stage: a study that tunes has many.
    stop.addEventListener('abort', () => resolve(false), { once: true, signal: over.signal });
  });
  try {
    const lanes = Array.from({ length: Math.min(parallel, waiting.length) }, (_, index) => lane(index));
    return await Promise.race([Promise.all(lanes).then(() => !stop.aborted), stopped]);
  } finally {
    over.abort();
  }
}

/** Returns what a training has of its own, for people. */
const nameOfRun = ({ settings, seed, trial }: StudyRun): string =>
  [
    ...Object.values(settings).map(shownValue),
    ...(trial === undefined ? [] : [`trial ${trial + 1}`]),
    `seed ${seed}`,
  ].join(' · ');
