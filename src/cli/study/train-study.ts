import { combinations, runsOf, trialsOf, type StudyRun } from '../../study/cells.js';
import type { StudyLine } from '../../shared/study/line.js';
import type { Study } from '../../study/load-study.js';
import { pickedValue } from '../../study/pick.js';
import { shownValue, type Settings } from '../../shared/study/settings.js';
import type { StudyWriter } from '../../study/store.js';
import { StudyProcess } from './study-process.js';
import type { StudyView } from './study-view.js';

/** A study that is trained. */
export interface StudyTraining {
  readonly study: Study;
  /** The lines that are there already, by key; those that are added come to them. */
  readonly lines: Map<string, StudyLine>;
  readonly writer: StudyWriter;
  readonly view: StudyView;
  /** How many are trained at once. */
  readonly parallel: number;
  readonly stop: AbortSignal;
}

/** The combinations of a study, each with what was picked for it and its runs. */
export interface Trained {
  readonly settings: Settings;
  readonly lines: readonly StudyLine[];
}

/** Returns the results of a study's combinations; null: it was asked to stop. */
export async function trainStudy(training: StudyTraining): Promise<Trained[] | null> {
  const { study, lines } = training;
  const planned = combinations(study.file);
  const processes: StudyProcess[] = [];
  try {
    const trials = planned.flatMap((settings) => trialsOf(study, settings));
    if (!(await trainAll(training, trials, processes))) return null;
    const picked = planned.map((settings) => withPick(study, settings, lines));
    const runs = picked.map((settings) => runsOf(study, settings));
    if (!(await trainAll(training, runs.flat(), processes))) return null;
    return picked.map((settings, i) => ({ settings, lines: runs[i]!.map(({ key }) => lines.get(key)!) }));
  } finally {
    for (const one of processes) one.kill();
  }
}

/** Returns the settings that a study's runs of a combination have, as far as its trials are there. */
export function withPick(study: Study, settings: Settings, lines: ReadonlyMap<string, StudyLine>): Settings {
  const { pick } = study.file;
  if (pick === undefined) return settings;
  const trials = trialsOf(study, settings).flatMap(({ key }) => lines.get(key) ?? []);
  return { ...settings, [pick.setting]: pickedValue(pick, trials) };
}

/** Trains what is not there yet, some at once. False: it was asked to stop before all were. */
async function trainAll(
  { study, lines, writer, view, parallel, stop }: StudyTraining,
  runs: readonly StudyRun[],
  processes: StudyProcess[],
): Promise<boolean> {
  const waiting = [...new Map(runs.map((run) => [run.key, run])).values()].filter(
    ({ key }) => !lines.has(key),
  );
  if (waiting.length === 0) return true;
  view.begin(waiting.length);
  /** This stage has ended: a lane that is not done begins nothing, and keeps nothing. */
  const over = new AbortController();
  const isOver = (): boolean => over.signal.aborted;
  const lane = async (index: number): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined && !isOver(); run = waiting.shift()) {
      const line = await (processes[index] ??= new StudyProcess()).train({ base: study.base, run });
      // One that comes when another lane has failed, or after a stop, is trained again.
      if (isOver()) return;
      lines.set(line.key, line);
      writer.append(line);
      view.ended(nameOfRun(run));
    }
  };
  const stopped = new Promise<false>((resolve) =>
    stop.addEventListener('abort', () => resolve(false), { once: true }),
  );
  try {
    const lanes = Array.from({ length: Math.min(parallel, waiting.length) }, (_, index) => lane(index));
    return await Promise.race([Promise.all(lanes).then(() => !stop.aborted), stopped]);
  } finally {
    over.abort();
  }
}

/** Returns what a training has of its own, for people. */
const nameOfRun = ({ settings, seed }: StudyRun): string =>
  [...Object.values(settings).map(shownValue), `seed ${seed}`].join(' · ');
