import { performance } from 'node:perf_hooks';
import { encoderBytes } from '../../data/encode/encoder.js';
import { leakWarnings } from '../../data/leaks.js';
import type { Verification } from '../../data/stream/verification.js';
import type { Members } from '../../engine/members.js';
import type { RunWriter } from '../../run/writer.js';
import type { RunManifest, StartedFrom } from '../../shared/run/run-manifest.js';
import type { RunSink, TrainingJob } from '../../training/job.js';
import { train } from '../../training/train.js';
import type { RunView } from '../terminal/run-view.js';
import { endRun, failRun } from './end-run.js';
import { plannedFields } from './manifest-fields.js';
import type { StopSignals } from './stop-signals.js';
import { encodeEarlier, type Earlier } from '../../training/earlier/earlier.js';
import type { TrainingPlan } from './training-plan.js';

export interface RunTraining {
  readonly plan: TrainingPlan;
  readonly members: Members;
  readonly writer: RunWriter;
  readonly view: Pick<RunView, 'start' | 'event' | 'tick' | 'clear'>;
  readonly stop: Pick<StopSignals, 'requested'>;
  readonly git: RunManifest['git'];
  readonly resume: TrainingJob['resume'];
  /** What it starts from, and what it keeps of it; absent: nothing. */
  readonly start?: { readonly earlier: Earlier; readonly from: StartedFrom } | null;
  /** Is called when it has finished, as long as the members are there with the weights that count. */
  readonly onFinished?: () => void;
}

/** Holds before the first step, and grows with the longest pause seen. */
const firstDeadlineSeconds = 120;
const manifestMilliseconds = 3000;

/**
 * Trains into the run folder and leaves run.json saying how it ended; the writer is closed then. Throws
 * WorkError or InputError.
 */
export async function trainRun(run: RunTraining): Promise<RunManifest> {
  const { plan, members, writer, view } = run;
  // Rows that were encoded before: they are held against what was written while they are trained on.
  const verification = plan.data.stream?.verification() ?? null;
  try {
    writer.startHeart(firstDeadlineSeconds);
    begin(run);
    const outcome = await train({
      data: plan.data,
      description: plan.description,
      members,
      settings: plan.experiment.training,
      paths: plan.experiment.model.paths,
      sink: sinkOf(run, verification),
      resume: run.resume,
      clock: () => performance.now() / 1000,
    });
    // What has been stopped is verified when it is gone on with.
    if (outcome.status === 'finished') {
      await verification?.ended();
      run.onFinished?.();
    }
    return endRun(writer, outcome);
  } catch (error) {
    throw failRun(writer, error);
  } finally {
    view.clear();
    members.dispose();
  }
}

/** Writes down what is about to be trained. */
function begin({ plan, members, writer, view, git, resume, start = null }: RunTraining): void {
  const { data, experiment } = plan;
  const fields = plannedFields(plan, members.info);
  const { times } = writer.manifest;
  writer.update({
    ...fields,
    ...(start !== null && { from: start.from }),
    git,
    status: 'running',
    error: null,
    times: { ...times, started: times.started ?? new Date().toISOString(), ended: null },
  });
  // Copied, so that the run can be gone on with when the earlier one is gone.
  if (start !== null && resume === null) {
    writer.checkpoint('earlier.safetensors', encodeEarlier(start.earlier));
    writer.checkpoint('earlier-encoder.json', encoderBytes(start.earlier.encoder));
  }
  writer.encoder(encoderBytes(data.encoder));
  for (const text of [...data.warnings, ...leakWarnings(data), ...plan.warnings])
    writer.log(`warning: ${text}`);
  const { name, target, threads } = members.info;
  writer.log(`${resume === null ? 'training' : 'going on'} with ${name} (${target}), ${threads} threads`);
  // The run was killed before its first checkpoint: what its log has counts no longer.
  if (resume === null && writer.seq > 0) writer.event({ type: 'resume', time: 0, step: -1, epoch: 0 });
  view.start({
    tasks: fields.tasks,
    epochs: experiment.training.epochs,
    stepsPerEpoch: fields.stepsPerEpoch ?? 1,
    stopsEarly: experiment.training.stopEarly.patience !== undefined,
  });
}

/** Makes what the training reports to: the run folder and the terminal. */
function sinkOf({ writer, view, stop }: RunTraining, verification: Verification | null): RunSink {
  let lastTime = writer.manifest.times.seconds;
  let writtenAt = performance.now();
  return {
    event(event) {
      lastTime = event.time;
      writer.event(event);
      view.event(event);
    },
    checkpoint: (name, bytes) => writer.checkpoint(name, bytes),
    checkpointBeside: (name, bytes) => writer.checkpointBeside(name, bytes),
    beat() {
      verification?.check();
      writer.beat();
      view.tick();
      const now = performance.now();
      if (now - writtenAt < manifestMilliseconds) return;
      writtenAt = now;
      writer.update({ times: { ...writer.manifest.times, seconds: lastTime } });
    },
    progress({ seconds, rowsPerSecond, summary }) {
      writtenAt = performance.now();
      const times = {
        ...writer.manifest.times,
        seconds,
        rowsPerSecond: rowsPerSecond ?? writer.manifest.times.rowsPerSecond,
      };
      writer.update({ times, summary: { ...summary, bestEpochs: { ...summary.bestEpochs } } });
    },
    stopRequested: () => stop.requested || writer.stopRequested(),
  };
}
