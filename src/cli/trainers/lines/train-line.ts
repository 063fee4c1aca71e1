import { performance } from 'node:perf_hooks';
import { version } from '../../../../package.json';
import type { PreparedData } from '../../../data/prepared.js';
import type { Members } from '../../../engine/members.js';
import { experimentFromText, workspaceOf } from '../../../experiment/load.js';
import type { Experiment } from '../../../experiment/schema.js';
import { WorkError } from '../../../shared/errors.js';
import { divergedCode } from '../../../shared/run/run-status.js';
import type { RunEvent, WithoutSeq } from '../../../shared/run/run-events.js';
import type { Metrics } from '../../../shared/run/run-manifest.js';
import type { Stopping } from '../../../study/cells.js';
import { costOf } from '../../../study/objectives.js';
import type { StudyLine } from '../../../shared/study/line.js';
import { DivergedTraining } from '../../../training/diverged.js';
import type { RunSink, TrainingOutcome } from '../../../training/job.js';
import { train } from '../../../training/train.js';
import { readGit } from '../../training/git.js';
import { createRun } from '../../training/open-run.js';
import { readData } from '../../training/read-data.js';
import { startMembers } from '../../training/start-members.js';
import { trainRun } from '../../training/train-run.js';
import { planTraining, type TrainingPlan } from '../../training/training-plan.js';
import type { LineRequest } from '../messages.js';
import { TrainingMeasures, VisitsOfData, type Measured } from './measures.js';

/** The points of a curve, about at most. */
const curvePoints = 60;

/** Trains runs of studies one after the other. Data that the next one has in common is read once. */
export class LineTrainer {
  private readonly visits = new VisitsOfData();
  private prepared: { readonly key: string; readonly data: PreparedData } | null = null;

  /** `stop`: only a run that is kept is stopped by it, after a checkpoint. */
  constructor(
    private readonly threads = 1,
    private readonly stop: { readonly requested: boolean } = { requested: false },
  ) {}

  /**
   * Trains a run to its line; `onRun` hears when it has a run folder. Throws an InputError where the experiment does not
   * fit its data, and a WorkError where a run that is kept was stopped.
   */
  async train(
    { base, measure, keep, run }: LineRequest,
    onRun: () => void = () => undefined,
  ): Promise<StudyLine> {
    const file = { ...base, sets: run.sets };
    const given = experimentFromText(file).experiment;
    const data = await this.dataOf(given, file);
    const plan = planTraining(given, data, file, this.threads);
    const { experiment } = plan;
    const members = await startMembers(plan);
    const curves = new Curves(experiment.training.epochs);
    const kinds = Object.fromEntries(data.tasks.map((task) => [task.name, task.kind]));
    const halving = run.stopping === undefined ? null : new Halving(run.stopping, kinds);
    const subject = { experiment, data, description: plan.description, members };
    const measures = measure === undefined ? null : new TrainingMeasures(measure, subject, this.visits);
    try {
      const { name, target, threads } = members.info;
      const { key, settings, seed, isTrial, trial } = run;
      const begun = performance.now();
      const line = (result: LineResult, more: Partial<StudyLine> = {}): StudyLine => ({
        ...{ key, settings: { ...settings }, seed, isTrial, ...(trial !== undefined && { trial }) },
        kinds,
        ...result,
        curves: curves.thinned(),
        parameters: plan.parameters,
        ...more,
        seconds: Number(((performance.now() - begun) / 1000).toFixed(3)),
        engine: { name, target, threads },
        fingerprint: data.fingerprint,
        version,
      });
      if (keep !== undefined) {
        const { stop } = this;
        const path = file.path;
        const kept = await trainKept({ plan, members, measures, keep, path, stop, onRun }, curves);
        return line(kept.result, { run: kept.id, ...kept.measured });
      }
      const job = { data, description: plan.description, members, settings: experiment.training };
      const outcome = await train({
        ...job,
        paths: experiment.model.paths,
        sink: sinkTo(curves, halving, measures),
        metricsOnly: true,
        resume: null,
        clock: () => performance.now() / 1000,
      }).catch((error: unknown) => {
        if (error instanceof DivergedTraining) return null;
        throw error;
      });
      await data.stream?.verification()?.ended();
      return line(
        {
          ...(outcome?.status === 'stopped' && { stoppedEarly: true }),
          ...(halving !== null && { reached: [...halving.reached] }),
          ...resultOf(outcome, curves.epochs),
        },
        outcome?.status === 'finished' ? measures?.atEnd() : {},
      );
    } finally {
      // A run that is kept has let them go already.
      if (keep === undefined) members.dispose();
    }
  }

  private async dataOf(experiment: Experiment, file: Parameters<typeof readData>[1]): Promise<PreparedData> {
    const { data, columns, tasks, defaults } = experiment;
    const key = JSON.stringify([data, columns, tasks, defaults, file.path]);
    if (this.prepared?.key !== key) {
      // The rows of before are let go first: two sets need not fit into memory.
      this.prepared = null;
      this.prepared = { key, data: await readData(experiment, file, () => undefined) };
    }
    return this.prepared.data;
  }
}

type LineResult = Pick<
  StudyLine,
  'status' | 'validation' | 'test' | 'bestEpoch' | 'epochs' | 'stoppedEarly' | 'reached'
>;

/** A line that is kept as a run. */
interface KeptTraining {
  readonly plan: TrainingPlan;
  readonly members: Members;
  readonly measures: TrainingMeasures | null;
  readonly keep: NonNullable<LineRequest['keep']>;
  readonly path: string;
  readonly stop: { readonly requested: boolean };
  readonly onRun: () => void;
}

/** Trains a line as a run with everything, which `mmoe train` would have made alike. */
async function trainKept(
  { plan, members, measures, keep, path, stop, onRun }: KeptTraining,
  curves: Curves,
): Promise<{ readonly id: string; readonly result: LineResult; readonly measured: Measured }> {
  const { experiment } = plan;
  const writer = await createRun(keep.runsFolder, path, { name: keep.name, experiment });
  onRun();
  const { id } = writer.manifest;
  const ignore = (): void => undefined;
  const view = {
    start: ignore,
    event: (event: WithoutSeq<RunEvent>) => {
      curves.add(event);
      measureAt(event, measures);
    },
    tick: ignore,
    clear: ignore,
  };
  const git = await readGit(workspaceOf(path));
  let measured: Measured = {};
  try {
    const { status, summary } = await trainRun({
      ...{ plan, members, writer, view, git, stop, resume: null },
      onFinished: () => (measured = measures?.atEnd() ?? {}),
    });
    if (status !== 'finished' || summary === null)
      throw new WorkError(
        'study.run',
        `run ${id} of the study was asked to stop; begin the study again, and it is trained anew`,
      );
    const { validation, test, bestEpoch } = summary;
    const result = { validation: withRows(validation), test: test ?? null, bestEpoch, epochs: curves.epochs };
    return { id, result: { status: 'finished', ...result }, measured };
  } catch (error) {
    if (!(error instanceof WorkError && error.code === divergedCode)) throw error;
    return { id, result: resultOf(null, curves.epochs), measured: {} };
  }
}

/** Metrics of no rows are none. */
const withRows = (metrics: Metrics): Metrics | null => (Object.keys(metrics).length > 0 ? metrics : null);

function resultOf(
  outcome: TrainingOutcome | null,
  epochs: number,
): Pick<StudyLine, 'status' | 'validation' | 'test' | 'bestEpoch' | 'epochs'> {
  if (outcome === null) return { status: 'diverged', validation: null, test: null, bestEpoch: null, epochs };
  const { summary } = outcome;
  const { validation, test, bestEpoch } = summary;
  return {
    status: 'finished',
    validation: withRows(validation),
    test,
    bestEpoch,
    epochs: outcome.epochs,
  };
}

/** The losses of a training by epoch. */
class Curves {
  private readonly found: { epoch: number; train: Metrics; validation: Metrics | null }[] = [];

  constructor(private readonly planned: number) {}

  /** How many were trained. */
  get epochs(): number {
    return this.found.at(-1)?.epoch ?? 0;
  }

  add(event: WithoutSeq<RunEvent>): void {
    if (event.type !== 'epoch') return;
    const { epoch, train: ofTrain, validation } = event;
    this.found.push({ epoch, train: ofTrain, validation });
  }

  /** The same epochs are kept in every training of as many, so that means can be taken of them. */
  thinned(): StudyLine['curves'] {
    const every = Math.max(1, Math.ceil(this.planned / curvePoints));
    const kept = this.found.filter(({ epoch }) => epoch % every === 0 || epoch === this.planned);
    const tasks = Object.keys(kept[0]?.train ?? {});
    const losses = (of: (one: (typeof kept)[number]) => Metrics | null) =>
      Object.fromEntries(tasks.map((task) => [task, kept.map((one) => short(of(one)?.[task]?.['loss']))]));
    return {
      epochs: kept.map(({ epoch }) => epoch),
      train: losses((one) => one.train),
      validation: losses((one) => one.validation),
    };
  }
}

/** Curves are drawn: six digits are more than a picture shows. */
const short = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Number(value.toPrecision(6));

/** Says when a training is not worth going on with. */
class Halving {
  /** The cost by epoch. */
  readonly reached: (number | null)[] = [];

  constructor(
    private readonly stopping: Stopping,
    private readonly kinds: StudyLine['kinds'],
  ) {}

  add(event: WithoutSeq<RunEvent>): void {
    // Epoch 0 is before any training.
    if (event.type !== 'epoch' || event.epoch === 0) return;
    const { validation } = event;
    this.reached.push(costOf({ validation, kinds: this.kinds }, this.stopping.objective));
  }

  isOver(): boolean {
    const rung = this.stopping.rungs.find(({ epoch }) => epoch === this.reached.length);
    if (rung === undefined || rung.most === null) return false;
    return Math.min(...this.reached.map((cost) => cost ?? Infinity)) > rung.most;
  }
}

/** Measures at an event, as the members have the weights of then. */
function measureAt(event: WithoutSeq<RunEvent>, measures: TrainingMeasures | null): void {
  if (event.type === 'epoch' || event.type === 'step') measures?.at(event.epoch);
}

const sinkTo = (curves: Curves, halving: Halving | null, measures: TrainingMeasures | null): RunSink => ({
  event: (event) => {
    curves.add(event);
    halving?.add(event);
    measureAt(event, measures);
  },
  checkpoint: () => undefined,
  beat: () => undefined,
  progress: () => undefined,
  stopRequested: () => halving?.isOver() ?? false,
});
