import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { version } from '../../../package.json';
import { runsFolderFor } from '../../run/files/run-paths.js';
import type { StudyLine } from '../../shared/study/line.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { combinations, seedsOf, type StudyRun } from '../../study/cells.js';
import type { Study } from '../../study/load-study.js';
import { readStudyLines, StudyWriter, type StudyPaths } from '../../study/store.js';
import { onStopSignal } from '../training/stop-signals.js';
import { trainStudy, type StudyTraining, type Trained } from './train-study.js';
import { writeFigures } from './write-figures.js';
import type { StudyView } from './study-view.js';

/** A study that is to be trained, and where. */
export interface StudyJob {
  readonly study: Study;
  readonly origin: StudyRecord['origin'];
  /** The folder that holds `.mmoe`. */
  readonly workspace: string;
  readonly paths: StudyPaths;
  /** How many are trained at once; default: one for each core. */
  readonly parallel?: number | undefined;
}

/** How often the trainer looks whether it is asked to stop. */
const stopMilliseconds = 300;

/**
 * Trains what is missing of a study, and keeps each training as a line of its folder. Returns the results of its
 * combinations; null: somebody has asked it to stop. `train`: how what is missing comes to be.
 */
export async function runStudy(
  job: StudyJob,
  view: StudyView,
  train: (training: StudyTraining) => Promise<Trained[] | null> = trainStudy,
): Promise<Trained[] | null> {
  const { study, paths, parallel = availableParallelism() } = job;
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  const writer = await StudyWriter.open(paths);
  const asking = setInterval(() => {
    void writer.isAskedToStop().then((isAsked) => {
      if (isAsked) stop.abort();
    });
  }, stopMilliseconds);
  try {
    const lines = new Map((await readStudyLines(paths)).map((line): [string, StudyLine] => [line.key, line]));
    const records = new Records(job, writer, new Set(lines.keys()));
    const trained = await train({
      ...{ study, lines, writer, view, parallel, stop: stop.signal },
      runsFolder: runsFolderFor(job.workspace),
      planned: (runs, isAll) => records.plan(runs, isAll),
    });
    const record = trained === null ? null : records.end();
    if (record !== null) await writeFigures(paths, record, trained!, lines.values());
    return trained;
  } finally {
    clearInterval(asking);
    view.clear();
    writer.close();
  }
}

/** Keeps study.json up to date. */
class Records {
  private readonly begun = new Date().toISOString();
  private latest: StudyRecord | null = null;

  constructor(
    private readonly job: StudyJob,
    private readonly writer: StudyWriter,
    /** The trainings that were there before. */
    private readonly known: ReadonlySet<string>,
  ) {}

  plan(runs: readonly StudyRun[], isAll: boolean): void {
    const { study, origin, workspace } = this.job;
    const { name, file, base } = study;
    const seeds = seedsOf(file);
    const planned = [...new Set(runs.map(({ key }) => key))];
    const { tune } = file;
    const count = combinations(file).length;
    const tried = tune === undefined ? planned.length : count * tune.trials * tune.seeds;
    this.write({
      format: 1,
      ...{ name, description: file.description ?? '', origin },
      base: { path: relative(workspace, base.path).replaceAll('\\', '/'), text: base.text },
      ...{ vary: file.vary, seeds, compare: file.compare ?? null, pick: file.pick ?? null },
      ...(file.measure !== undefined && { measure: file.measure }),
      drawn: Object.keys(file.random?.settings ?? {}),
      tune: tune === undefined ? null : { settings: tune.settings, trials: tune.trials, seeds: tune.seeds },
      planned,
      total: isAll ? planned.length : tried + count * seeds.count,
      times: {
        begun: this.begun,
        before: planned.filter((key) => this.known.has(key)).length,
        ended: null,
      },
      version,
    });
  }

  /** Returns the record of a study that is done. */
  end(): StudyRecord | null {
    const { latest } = this;
    if (latest !== null)
      this.write({ ...latest, times: { ...latest.times, ended: new Date().toISOString() } });
    return this.latest;
  }

  private write(record: StudyRecord): void {
    this.latest = record;
    this.writer.record(record);
  }
}
