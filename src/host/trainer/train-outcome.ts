import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { doLater } from '../../run/files/file-work.js';
import { readManifest } from '../../run/manifest.js';
import { factsOf, readLastLines } from '../../run/files/run-file.js';
import { systemProbe } from '../../run/liveness.js';
import { readStatus } from '../../run/reader.js';
import { experimentBase, runPaths } from '../../run/files/run-paths.js';
import type { RunError } from '../../shared/run/run-manifest.js';
import { t } from '../editor/localise.js';
import { errorsIn, type ProgramEnd } from '../program/program.js';
import type { Started } from './trainer.js';
import { divergedCode, isLive, refusedCodes } from '../../shared/run/run-status.js';
import { systemRefusal, type SystemRefusal } from '../../shared/system-error.js';
import { exitCodes } from '../../shared/exit-codes.js';

/** The outcome of a program that was started here, if a person must be told. */
export interface Outcome {
  readonly message: string;
  readonly error: RunError | null;
  /** The end of the program's output. */
  readonly log: string;
  /** The run never began to train, so its folder is of no use. */
  readonly discard: boolean;
  readonly canResume: boolean;
}

/** What a person is told stands at the end of a log, which may be of any length. */
const endOfLogBytes = 1 << 16;

const doneCodes: readonly number[] = [exitCodes.done, exitCodes.stopped];

/** Reads what an ended program has left. Returns null if there is nothing to tell: the run itself says it. */
export async function outcomeOf(started: Started, end: ProgramEnd): Promise<Outcome | null> {
  if (end.code !== null && doneCodes.includes(end.code)) return null;
  const log = await doLater(readLastLines(started.log, endOfLogBytes)).catch(() => '');
  const printed = errorsIn(log);
  const how = end.code === null ? t('it was ended by {0}', end.signal ?? '?') : t('exit code {0}', end.code);
  const unexplained = t('The trainer program ended without saying why ({0}).', how);
  if (started.runFolder === null)
    return { message: printed || unexplained, error: null, log, discard: false, canResume: false };
  const reading = await readManifest(started.runFolder);
  if (reading.state !== 'ok') return null;
  const { manifest } = reading;
  const began = await hasEvents(started.runFolder);
  // A run that could not be resumed is as it was before, with the error of its earlier failure.
  const refused = started.kind === 'resume' && end.code === exitCodes.badInput;
  // Another window has resumed it at the same time, and it trains, as it should.
  if (refused && (await isTraining(started.runFolder))) return null;
  const failed = manifest.status === 'failed' && manifest.error !== null && !refused ? manifest.error : null;
  const lastPrinted = printed.split('\n').at(-1) ?? '';
  const discard =
    started.kind === 'train' && !began && (end.code === exitCodes.badInput || manifest.status === 'queued');
  // A full disk has no room for a program's last words either.
  const refusal =
    failed === null && end.code === exitCodes.failed ? await refusalAt(started.runFolder) : null;
  const error =
    refusal === null ? failed : { code: refusedCodes + refusal.code, message: refusalText(refusal, discard) };
  return {
    message: error?.message ?? (lastPrinted || unexplained),
    error,
    log,
    discard,
    canResume: began && end.code !== exitCodes.badInput && failed?.code !== divergedCode,
  };
}

const refusalText = ({ what, help }: SystemRefusal, discard: boolean): string =>
  discard
    ? t('{0}; nothing was trained: {1}, and train again.', what, help)
    : t('{0}; the run is safe up to its last checkpoint: {1}, and resume it.', what, help);

/** A disk with less room than this is full. */
const leastRoom = 1 << 20;

/** Returns why nothing can be written into a folder; null: it can. */
async function refusalAt(folder: string): Promise<SystemRefusal | null> {
  const trial = join(folder, `.trial-${process.pid}`);
  try {
    await writeFile(trial, Buffer.alloc(leastRoom), { flag: 'wx' });
    return null;
  } catch (error) {
    return systemRefusal(error, experimentBase(dirname(folder)));
  } finally {
    await rm(trial, { force: true }).catch(() => undefined);
  }
}

async function isTraining(folder: string): Promise<boolean> {
  const reading = await readStatus(folder, systemProbe(), Date.now());
  return reading.state === 'ok' && isLive(reading);
}

const hasEvents = async (folder: string): Promise<boolean> =>
  ((await doLater(factsOf(runPaths(folder).events)))?.size ?? 0) > 0;
