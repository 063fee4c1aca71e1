import { access, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Members } from '../../engine/members.js';
import { writeExperimentRows } from '../../data/write/experiment-rows.js';
import { openExperiment } from '../../experiment/load.js';
import type { Experiment } from '../../experiment/schema.js';
import { taughtExperiment } from '../../experiment/taught.js';
import { InputError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import { formatCount, formatDuration, formatMetric } from '../../shared/numbers.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import type { RunSink, TrainingOutcome } from '../../training/job.js';
import { foldsOf, hasTeacher, OutOfFold } from '../../training/out-of-fold.js';
import { Pace } from '../../training/pace.js';
import { train } from '../../training/train.js';
import { writeWhole } from '../tables/output-file.js';
import { printWarnings } from '../terminal/problems.js';
import { RunView } from '../terminal/run-view.js';
import { stdout } from '../terminal/terminal.js';
import { taskFields } from '../training/manifest-fields.js';
import { dataOptions, readData } from '../training/read-data.js';
import { startMembers } from '../training/start-members.js';
import { StopSignals } from '../training/stop-signals.js';
import { TakenRun } from '../training/taken-run.js';
import { planTraining, stepsPerEpochOf, type TrainingPlan } from '../training/training-plan.js';

export interface TeachOptions {
  readonly out: string;
  readonly folds: number;
  readonly weight: number;
}

/** Folds are made of rows in memory. */
const inMemoryOnly = (experiment: Experiment): Experiment => ({
  ...experiment,
  data: { ...experiment.data, stream: false },
});

/**
 * Lets an experiment be its own teacher: trains a model per fold of the training rows, writes what each
 * predicts for the rows that it has not seen beside the experiment's columns, and an experiment that learns
 * from both.
 */
export async function teachCommand(file: string, { out, folds, weight }: TeachOptions): Promise<number> {
  const path = resolve(file);
  const taught = experimentBeside(out, path);
  await failIfThere(taught);
  const view = new RunView(stdout);
  const taken = new TakenRun();
  const stop = new StopSignals(taken, () => view.line('stopping; nothing has been written'));
  const { experiment, file: opened, warnings } = await openExperiment(path, []);
  printWarnings(warnings);
  const data = await readData(inMemoryOnly(experiment), opened, (text) => view.phase(text));
  const plan = planTraining(experiment, data, opened);
  failOnFolds(folds, data.train.rows);
  if (!data.tasks.some(hasTeacher))
    throw new InputError(
      'teach.classes',
      'every task has several classes; only binary tasks and regressions have a teacher',
      { file: path },
    );
  taken.begin();
  const found = await trainFolds(plan, folds, view, stop);
  view.clear();
  if (found === null) return exitCodes.stopped;
  data.tasks.forEach(({ name, kind }, task) => {
    const metric = mainMetric(kind);
    const value = formatMetric(found.metrics(task)[metric] ?? null);
    stdout.line(`${name}: ${metricLabel(metric)} ${value} on training rows that its model had not seen`);
  });
  const teachers = data.tasks.map((task, index) => (hasTeacher(task) ? found.taught(index) : null));
  const written = await writeWhole({ out, notes: null }, [], (beside, failOnSource) =>
    writeExperimentRows(experiment, dataOptions(opened), beside, { onFiles: failOnSource, teachers }),
  );
  const parts = { validation: data.validation !== null, test: data.test !== null };
  const source = basename(out);
  await writeFile(taught, taughtExperiment(opened.text, { source, ...written, weight, parts }), {
    flag: 'wx',
  });
  stdout.line(`wrote ${formatCount(written.rows)} rows to ${resolve(out)}`);
  stdout.line(`wrote ${taught}, which learns from its labels and its teacher: mmoe train it`);
  return exitCodes.done;
}

/** Trains a model per fold. Returns what each predicts for its held-out rows; null: it was stopped. */
async function trainFolds(
  plan: TrainingPlan,
  count: number,
  view: RunView,
  stop: StopSignals,
): Promise<OutOfFold | null> {
  const found = new OutOfFold(plan.data);
  const pace = new Pace(seconds, () => undefined);
  const begun = seconds();
  let done = 0;
  for (const { data, heldOut } of foldsOf(plan.data, count, plan.experiment.training.seed)) {
    const left =
      done === 0 ? '' : `, about ${formatDuration(((seconds() - begun) / done) * (count - done))} left`;
    view.line(`fold ${done + 1} of ${count}: ${formatCount(data.train.rows)} training rows${left}`);
    const ofFold = { ...plan, data };
    const members = await startMembers(ofFold);
    try {
      const { status } = await trainFold(ofFold, members, view, stop);
      view.clear();
      if (status === 'stopped') return null;
      await found.add(members, heldOut, pace);
    } finally {
      members.dispose();
    }
    done++;
  }
  return found;
}

function trainFold(
  plan: TrainingPlan,
  members: Members,
  view: RunView,
  stop: StopSignals,
): Promise<TrainingOutcome> {
  const { data, description, experiment } = plan;
  view.start({
    tasks: taskFields(data),
    epochs: experiment.training.epochs,
    stepsPerEpoch: stepsPerEpochOf(plan),
    stopsEarly: experiment.training.stopEarly.patience !== undefined,
  });
  const sink: RunSink = {
    event: (event) => view.event(event),
    // A fold is trained in one go: it leaves predictions, and no weights.
    checkpoint: () => undefined,
    beat: () => view.tick(),
    progress: () => undefined,
    stopRequested: () => stop.requested,
  };
  return train({
    data,
    description,
    members,
    settings: experiment.training,
    paths: experiment.model.paths,
    sink,
    resume: null,
    clock: seconds,
  });
}

/** Monotonic. */
const seconds = (): number => performance.now() / 1000;

function failOnFolds(folds: number, rows: number): void {
  if (folds >= 2 && folds <= rows) return;
  const message = `--folds must be a whole number from 2 to ${formatCount(rows)}, the number of training rows`;
  throw new InputError('teach.folds', message);
}

/** Returns where the experiment goes that learns from a table: beside it, by its name. */
function experimentBeside(out: string, experiment: string): string {
  if (extname(out).toLowerCase() !== '.parquet')
    throw new InputError('output.kind', '--out must name a file that ends in .parquet', {
      file: resolve(out),
    });
  const beside = resolve(dirname(out), `${basename(out, extname(out))}.mmoe.json`);
  if (beside !== experiment) return beside;
  throw new InputError(
    'teach.exists',
    'beside --out goes an experiment of its name, and that is this one; name another file',
    { file: beside },
  );
}

async function failIfThere(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new InputError('teach.exists', 'this file exists already; name another one with --out', { file });
}
