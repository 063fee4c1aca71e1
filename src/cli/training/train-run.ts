import { performance } from 'node:perf_hooks';
import { DivergedError, type Engine } from '../../engine/engine.js';
import { giveBackFreed } from '../../engine/fused/machine/choose-target.js';
import { RunGoneError, type RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run.js';
import type { RunSink, TrainingJob } from '../../training/job.js';
import { train } from '../../training/train.js';
import { describeInputError, messageOf, stackOf, toRunError, WorkError } from '../failure.js';
import { plannedFields } from './manifest-fields.js';
import type { Plan } from './training-plan.js';
import type { RunView } from '../terminal/run-view.js';
import type { StopSignals } from './stop-signals.js';
import { divergedCode } from '../../shared/run-status.js';

export interface RunTraining {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly writer: RunWriter;
  readonly view: Pick<RunView, 'start' | 'event' | 'tick' | 'clear'>;
  readonly stop: Pick<StopSignals, 'requested'>;
  readonly git: RunManifest['git'];
  readonly resume: TrainingJob['resume'];
}

/** Before the first step; grows with the longest pause seen. */
const firstDeadlineSeconds = 120;
const manifestMilliseconds = 3000;

/**
 * Trains into the run folder and leaves run.json saying how it ended; the writer is closed then. Throws
 * WorkError or InputError.
 */
export async function trainRun(run: RunTraining): Promise<RunManifest> {
  const { plan, engine, writer, view } = run;
  const { data, description, experiment } = plan;
  let reason: string | null = null;
  try {
    writer.startHeart(firstDeadlineSeconds);
    const fields = plannedFields(plan, engine);
    const times = {
      ...writer.manifest.times,
      started: writer.manifest.times.started ?? new Date().toISOString(),
      ended: null,
    };
    writer.update({ ...fields, git: run.git, status: 'running', error: null, times });
    writer.encoder(data.encoder);
    for (const text of data.warnings) writer.log(`warning: ${text}`);
    writer.log(
      `${run.resume === null ? 'training' : 'going on'} with ${engine.info.name} (${engine.info.target}), ${engine.info.threads} threads`,
    );
    // Killed before its first checkpoint: what the log has of it counts no longer.
    if (run.resume === null && writer.seq > 0) writer.event({ type: 'resume', time: 0, step: -1, epoch: 0 });
    view.start({
      tasks: fields.tasks,
      epochs: experiment.training.epochs,
      stepsPerEpoch: fields.stepsPerEpoch ?? 1,
    });
    const sink = sinkOf(run, (text) => (reason = text));
    const clock = (): number => performance.now() / 1000;
    const { training: settings, model } = experiment;
    const outcome = await train({
      data,
      description,
      engine,
      settings,
      paths: model.paths,
      sink,
      resume: run.resume,
      giveBack: giveBackFreed,
      clock,
    });
    writer.update({
      status: outcome.status,
      summary: { ...outcome.summary, bestEpochs: { ...outcome.summary.bestEpochs } },
      times: ended(writer, outcome.seconds),
    });
    writer.log(`${outcome.status}: ${outcome.reason}`);
    writer.close();
    return writer.manifest;
  } catch (error) {
    throw failRun(writer, error, reason);
  } finally {
    view.clear();
    engine.dispose();
  }
}

/** Leaves run.json saying what went wrong, and returns the error to throw. */
export function failRun(writer: RunWriter, error: unknown, reason: string | null = null): Error {
  if (error instanceof RunGoneError) return new WorkError('run.gone', error.message);
  const ended = { ...writer.manifest.times, ended: new Date().toISOString() };
  try {
    writer.log(error instanceof InputError ? `error: ${describeInputError(error)}` : stackOf(error));
    const known =
      error instanceof DivergedError ? { code: divergedCode, message: error.message } : toRunError(error);
    const { times } = writer.manifest;
    if (times.started !== null && reason === null) {
      writer.event({
        type: 'end',
        time: times.seconds,
        step: Math.max(0, writer.step),
        status: 'failed',
        reason: known.message,
      });
    }
    writer.update({ status: 'failed', error: { ...known, message: reason ?? known.message }, times: ended });
    writer.close();
  } catch (second) {
    return new WorkError(
      'run.unwritable',
      `${messageOf(error)}; and the run folder cannot be written: ${messageOf(second)} (${writer.paths.folder})`,
    );
  }
  if (error instanceof InputError || error instanceof WorkError) return error;
  const message = reason ?? messageOf(error);
  return new WorkError(
    error instanceof DivergedError ? divergedCode : 'training.failed',
    `${message}; the details are in ${writer.paths.log}`,
  );
}

function sinkOf(run: RunTraining, onFailure: (reason: string) => void): RunSink {
  const { writer, view, stop } = run;
  let lastTime = writer.manifest.times.seconds;
  let writtenAt = performance.now();
  return {
    event(event) {
      lastTime = event.time;
      writer.event(event);
      view.event(event);
      if (event.type === 'end' && event.status === 'failed') onFailure(event.reason);
    },
    checkpoint: (name, bytes) => writer.checkpoint(name, bytes),
    beat() {
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

function ended(writer: RunWriter, seconds: number): RunManifest['times'] {
  return { ...writer.manifest.times, ended: new Date().toISOString(), seconds };
}
