import { dirname, join, resolve } from 'node:path';
import { version } from '../../../package.json';
import { NoKernelError } from '../../engine/fused/engine.js';
import type { Members } from '../../engine/members.js';
import { isInside, realPath } from '../../experiment/inside.js';
import { experimentFromText, workspaceOf } from '../../experiment/load.js';
import { LineFollower } from '../../run/files/line-follower.js';
import { runsFolderFor } from '../../run/files/run-paths.js';
import { InputError, WorkError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { isStudyFile } from '../../shared/names.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import type { StudyLine } from '../../shared/study/line.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { setsOf } from '../../shared/study/settings.js';
import { keyOf } from '../../study/cells.js';
import { openStudy } from '../../study/load-study.js';
import { lineOf, readStudyRecord, studyPaths, studyPathsIn, type StudyPaths } from '../../study/store.js';
import { workspaceHere } from '../runs/find-run.js';
import { RunView } from '../terminal/run-view.js';
import { stderr, stdout } from '../terminal/terminal.js';
import { readGit } from '../training/git.js';
import { createRun } from '../training/open-run.js';
import { readData } from '../training/read-data.js';
import { startMembers } from '../training/start-members.js';
import { StopSignals } from '../training/stop-signals.js';
import { TakenRun } from '../training/taken-run.js';
import { trainRun } from '../training/train-run.js';
import { runNameOf } from './run-name.js';
import { announce, conclude } from '../training/training-report.js';
import { planTraining, type TrainingPlan } from '../training/training-plan.js';

/**
 * Trains a line of a study again, with the engine, kernel and threads that it has recorded, as a run with everything.
 * Says at the end whether the numbers are the same. Throws an InputError that says what of all this is not here.
 */
export async function openLine(target: string, which: string, json: boolean): Promise<number> {
  const view = new RunView(json ? stderr : stdout);
  const paths = await pathsOf(target);
  const record = await readStudyRecord(paths);
  if (record === null)
    throw new InputError('study.record', 'this study has not been trained here: it has no study.json', {
      file: paths.folder,
    });
  const line = await findLine(paths, which);
  if (line.stoppedEarly === true)
    throw new InputError(
      'study.line',
      'this trial was stopped early, and is no whole run; name another line',
      {
        file: paths.runs,
      },
    );
  const workspace = dirname(dirname(dirname(paths.folder)));
  const file = experimentPath(record, workspace);
  const taken = new TakenRun();
  const stop = new StopSignals(taken, () =>
    view.line('stopping after a checkpoint; once more to stop at once'),
  );
  if (line.version !== version)
    view.line(
      `warning: this line was trained by version ${line.version}, and this is ${version}: the last digits may differ`,
    );
  const plan = await planLine(record, line, file, (text) => view.phase(text));
  const members = await membersOf(plan, line);
  if (taken.wasStopped()) {
    members.dispose();
    return exitCodes.stopped;
  }
  taken.begin();
  const writer = await createRun(runsFolderFor(workspace), file, {
    name: runNameOf(record.name, line),
    experiment: plan.experiment,
  });
  announce(view, plan, writer);
  const git = await readGit(workspace);
  const manifest = await trainRun({ plan, members, writer, view, stop, git, resume: null });
  const code = conclude(view, manifest, writer.paths.folder, json ? { warnings: [] } : null);
  if (code !== exitCodes.done || manifest.status !== 'finished') return code;
  const differing = differences(line, manifest);
  if (differing.length === 0) {
    view.line('the numbers are those of the study, to the last digit');
    return code;
  }
  const what = `the numbers are not those of the study: ${differing.join(', ')}`;
  if (line.version !== version) view.line(`warning: ${what}`);
  else throw new WorkError('study.differs', `${what}; this is a fault of the program, please report it`);
  return code;
}

/** Returns the files of the study that a path names: a study file, or the folder of a study. */
async function pathsOf(target: string): Promise<StudyPaths> {
  const path = resolve(target);
  if (!isStudyFile(path)) return studyPathsIn(path);
  const { name } = await openStudy(path);
  return studyPaths(workspaceOf(path), name);
}

/** Finds a line by its number, from 1, or by its key. */
async function findLine(paths: StudyPaths, which: string): Promise<StudyLine> {
  const number = /^\d{1,9}$/.test(which) ? Number(which) : null;
  const texts: string[] = [];
  let count = 0;
  await new LineFollower(paths.runs).read((text) => {
    count++;
    if (number === null ? text.startsWith(`{"key":${JSON.stringify(which)},`) : count === number)
      texts.push(text);
  });
  const found = texts.at(-1) ?? null;
  const line = found === null ? null : lineOf(found);
  if (line !== null) return line;
  const what =
    found !== null
      ? `line ${which} is garbled, or of a later version`
      : number !== null
        ? `there is no line ${which}: there are ${count}`
        : `there is no line with the key "${which}"`;
  throw new InputError('study.line', `${what}; name another`, { file: paths.runs });
}

/** Returns where the sources of a study's experiment are looked for. A study does not decide which files are read. */
function experimentPath({ base }: StudyRecord, workspace: string): string {
  const file = join(workspace, base.path);
  if (isInside(realPath(workspaceHere()), realPath(dirname(file)))) return file;
  throw new InputError(
    'study.outside',
    'the experiment of this study lies outside of the workspace that you work in; change to its folder first',
    { file },
  );
}

/** Returns the training of a line. Throws an InputError where the experiment or the data is not what it was. */
async function planLine(
  record: StudyRecord,
  line: StudyLine,
  path: string,
  onProgress: (text: string) => void,
): Promise<TrainingPlan> {
  const { text } = record.base;
  const own = setsOf(line.settings);
  const { source } = experimentFromText({ path, text, sets: own }).experiment.data;
  const drawn = typeof source === 'object' && 'simulator' in source ? 'simulator' : 'synthetic';
  const sets = [
    ...own,
    `training.seed=${line.seed}`,
    ...(record.seeds.data ? [`data.source.${drawn}.seed=${line.seed}`] : []),
  ];
  const file = { path, text, sets };
  const { experiment } = experimentFromText(file);
  // What a trial was allowed to stop by is part of its key.
  const more = line.isTrial || record.measure === undefined ? undefined : { measure: record.measure };
  if (line.reached === undefined && keyOf(experiment, more) !== line.key)
    throw new InputError(
      'study.line-changed',
      'the experiment of this study is not the one that this line was trained with; open a line of the study as it is now',
      { file: path },
    );
  const { name, threads } = line.engine;
  const use = name === 'fused' || name === 'tensorflow' ? name : experiment.engine.use;
  const same = { ...experiment, engine: { ...experiment.engine, use, threads } };
  const data = await readData(same, file, onProgress);
  if (data.fingerprint !== line.fingerprint)
    throw new InputError('study.data-changed', 'the data is not what this line was trained on any more', {
      file: path,
    });
  return planTraining(same, data, file, threads);
}

/** Starts the engine that a line was trained with. Throws an InputError where it is not here. */
async function membersOf(plan: TrainingPlan, { engine }: StudyLine): Promise<Members> {
  const notHere = (why: string): InputError =>
    new InputError(
      'study.engine',
      `this line was trained with ${engine.name} on "${engine.target}", which is not here: ${why}; ` +
        'train its settings with mmoe train, and the last digits may differ',
    );
  let members;
  try {
    members = await startMembers(plan, engine.name === 'fused' ? engine.target : undefined);
  } catch (error) {
    throw error instanceof NoKernelError ? notHere(error.message) : error;
  }
  const { name, target } = members.info;
  if (name === engine.name && target === engine.target) return members;
  members.dispose();
  throw notHere(`here it is ${name} on "${target}"`);
}

/** Returns which numbers of a run are not those of its line. */
function differences(line: StudyLine, { summary }: RunManifest): string[] {
  const of = (split: 'test' | 'validation'): string[] =>
    Object.entries(line[split] ?? {}).flatMap(([task, metrics]) =>
      Object.entries(metrics).flatMap(([metric, value]) => {
        const now = summary?.[split]?.[task]?.[metric] ?? null;
        return now === value ? [] : [`${split} ${metric} of ${task} ${now} instead of ${value}`];
      }),
    );
  return [...of('test'), ...of('validation')];
}
