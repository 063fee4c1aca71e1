import { existsSync } from 'node:fs';
import { DivergedError } from '../../engine/engine.js';
import { RunGoneError, type RunWriter } from '../../run/writer.js';
import { InputError, WorkError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import type { RunError, RunManifest } from '../../shared/run/run-manifest.js';
import { divergedCode } from '../../shared/run/run-status.js';
import { systemRefusal, type SystemRefusal } from '../../shared/system-error.js';
import type { TrainingOutcome } from '../../training/job.js';
import { DivergedTraining } from '../../training/diverged.js';
import { describeInputError, messageOf, stackOf, toRunError } from '../failure.js';

/** The ways in which a run ends. Each leaves run.json saying so, and the run to nobody. */

/** Ends a run that has trained until it was finished or stopped. */
export function endRun(writer: RunWriter, outcome: TrainingOutcome): RunManifest {
  const { status, reason, summary, seconds, reached } = outcome;
  writer.event({ type: 'end', ...reached, status, reason });
  writer.update({
    status,
    summary: { ...summary, bestEpochs: { ...summary.bestEpochs } },
    times: { ...endedNow(writer), seconds },
  });
  writer.log(`${status}: ${reason}`);
  writer.close();
  return writer.manifest;
}

/** Returns the exit code of a program whose training has ended, and has not failed. */
export const exitCodeOf = ({ status }: RunManifest): number =>
  status === 'stopped' ? exitCodes.stopped : exitCodes.done;

/** Ends a run that was stopped before it trained. */
export function endUntrained(writer: RunWriter): void {
  if (!existsSync(writer.paths.folder)) return;
  writer.update({ status: 'stopped', times: endedNow(writer) });
  writer.close();
}

/** Ends a run that has failed. Returns the error to throw: a WorkError or an InputError. */
export function failRun(writer: RunWriter, error: unknown): Error {
  if (error instanceof RunGoneError) return new WorkError('run.gone', error.message);
  try {
    writer.log(error instanceof InputError ? inputErrorText(error) : stackOf(error));
    const known = runErrorOf(writer, error);
    const times = endedNow(writer);
    // The log of a training that has begun says how it ended, too.
    if (times.started !== null) {
      const reached =
        error instanceof DivergedTraining
          ? error.reached
          : { time: times.seconds, step: Math.max(0, writer.step) };
      writer.event({ type: 'end', ...reached, status: 'failed', reason: known.message });
    }
    writer.update({ status: 'failed', error: known, times });
    writer.close();
  } catch (second) {
    const refused = systemRefusal(error) ?? systemRefusal(second);
    if (refused !== null) return unwritable(writer, refused);
    return new WorkError(
      'run.unwritable',
      `${messageOf(error)}; and the run folder cannot be written: ` +
        `${messageOf(second)} (${writer.paths.folder})`,
    );
  }
  if (isTold(error)) return error;
  const refused = systemRefusal(error);
  if (refused !== null) return unwritable(writer, refused);
  return new WorkError(
    error instanceof DivergedError ? divergedCode : 'training.failed',
    `${messageOf(error)}; the details are in ${writer.paths.log}`,
  );
}

/** The machine has refused to write on: nothing that was written before is lost. */
const unwritable = ({ manifest, id }: RunWriter, { what, help }: SystemRefusal): WorkError =>
  new WorkError(
    'run.unwritable',
    `${what}; ${manifest.times.started === null ? 'the run has not begun' : 'the run is safe up to its last checkpoint'}: ` +
      `${help}, and go on with mmoe resume ${id}`,
  );

/** What a library said about wrong input is for the log only. */
const inputErrorText = (error: InputError): string =>
  `error: ${describeInputError(error)}${error.cause === undefined ? '' : `\n${messageOf(error.cause)}`}`;

/** The editor knows by its code that a diverged run would only diverge again. */
function runErrorOf(writer: RunWriter, error: unknown): RunError {
  if (error instanceof DivergedError) return { code: divergedCode, message: error.message };
  const known = toRunError(error);
  const refused = isTold(error) ? null : systemRefusal(error);
  return refused === null ? known : { ...known, message: unwritable(writer, refused).message };
}

/** These say all that a person can use. */
const isTold = (error: unknown): error is InputError | WorkError =>
  error instanceof InputError || error instanceof WorkError;

const endedNow = (writer: RunWriter): RunManifest['times'] => ({
  ...writer.manifest.times,
  ended: new Date().toISOString(),
});
