import { appendFileSync, closeSync, existsSync, ftruncateSync, futimesSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../shared/errors.js';
import type { RunManifest } from '../shared/run/run-manifest.js';
import type { RunEvent, WithoutSeq } from '../shared/run/run-events.js';
import { chunkBytes, LineSplitter } from './files/lines.js';
import { parseEvent } from './packed/event-shapes.js';
import { holder, ownStart, systemProbe, thisMachine, type Heartbeat } from './liveness.js';
import { removeBreaker, withLock } from './files/lock.js';
import { readManifest, replaceManifestSync } from './manifest.js';
import { doLater, doNow, errorCode } from './files/file-work.js';
import {
  factsOf,
  makeEmpty,
  openToAppend,
  openToChange,
  readPart,
  refuseLinkedRun,
  removeFile,
  sizeOf,
} from './files/run-file.js';
import { runPaths, type RunPaths } from './files/run-paths.js';
import { removeUnfinished, replaceFile, replaceFileSync } from './files/replace-file.js';

/** The folder was deleted under the trainer. */
export class RunGoneError extends Error {
  constructor(readonly folder: string) {
    super(`the run folder ${folder} was deleted while its run was training`);
    this.name = 'RunGoneError';
  }
}

const stopLookMilliseconds = 200;
const beatMilliseconds = 1000;

/**
 * The trainer's side of one run folder. Writes are synchronous: they happen between steps of a loop that
 * cannot wait.
 */
export class RunWriter {
  readonly paths: RunPaths;
  private current: RunManifest;
  private lastSeq: number;
  private lastStep: number;
  private events: number;
  private heart: number | null = null;
  private heartbeat: Heartbeat | null = null;
  private lastBeat = -Infinity;
  private longestPause = 0;
  private lastLook = -Infinity;
  private stop = false;
  /** The program that handed this run to this process; null: none. */
  private program: number | null = null;

  private constructor(folder: string, manifest: RunManifest, last: { seq: number; step: number }) {
    this.paths = runPaths(folder);
    this.current = manifest;
    this.lastSeq = last.seq;
    this.lastStep = last.step;
    this.events = doNow(openToAppend(this.paths.events));
  }

  /**
   * Takes a run: a queued one, or one that has ended or was interrupted, to go on. From here on it has a
   * heartbeat. A torn last line of events.jsonl is cut off (no reader has seen it), and half a checkpoint is
   * removed. `from` is a process that may hold the run because it has released it to this one. Throws
   * InputError when it cannot be taken.
   */
  static async open(folder: string, deadlineSeconds: number, from: number | null = null): Promise<RunWriter> {
    const paths = runPaths(folder);
    await doLater(refuseLinkedRun(folder));
    if (!existsSync(paths.manifest))
      throw new InputError('run.gone', 'there is no run in this folder', { file: folder });
    return withLock(paths.lock, async () => {
      const reading = await readManifest(folder);
      if (reading.state === 'gone')
        throw new InputError('run.gone', 'there is no run in this folder', { file: folder });
      if (reading.state === 'unreadable')
        throw new InputError('run.unreadable', reading.reason, { file: paths.manifest });
      const other = await holder(folder, systemProbe(), Date.now());
      if (other !== null && other !== process.pid && other !== from) {
        throw new InputError(
          'run.busy',
          `run ${reading.manifest.id} is being trained by process ${other}; stop it first`,
          {
            file: folder,
          },
        );
      }
      removeBreaker(paths.lock);
      for (const one of [folder, paths.checkpoints]) if (existsSync(one)) removeUnfinished(one);
      // A request to stop that came while the run waited for its first trainer, or for the one that it was
      // handed to, still counts; one that outlived its trainer does not.
      const { status, times } = reading.manifest;
      if (from === null && (status !== 'queued' || times.started !== null)) doNow(removeFile(paths.stop));
      // What went wrong later could not be told in a log that cannot be opened.
      doNow(makeEmpty(paths.log));
      const writer = new RunWriter(folder, reading.manifest, recoverEvents(paths.events));
      writer.program = from;
      writer.startHeart(deadlineSeconds);
      return writer;
    });
  }

  get id(): string {
    return this.current.id;
  }

  get manifest(): RunManifest {
    return this.current;
  }

  /** The sequence number of the last event. */
  get seq(): number {
    return this.lastSeq;
  }

  /** The steps of the optimiser that were done at the last event. */
  get step(): number {
    return this.lastStep;
  }

  /** Appends one whole line, numbered. */
  event(event: WithoutSeq<RunEvent>): void {
    const line = `${JSON.stringify({ seq: this.lastSeq + 1, ...event })}\n`;
    const size = doNow(sizeOf(this.events));
    try {
      appendFileSync(this.events, line);
    } catch (error) {
      // A full disk takes half a line: without this the next one would be garbled too.
      ftruncateSync(this.events, size);
      throw error;
    }
    this.lastSeq++;
    this.lastStep = event.step;
  }

  /** Changes run.json, but for what people may have changed meanwhile. */
  update(
    fields: Partial<
      Omit<RunManifest, 'format' | 'id' | 'name' | 'tags' | 'notes' | 'notesChanged' | 'starred' | 'archived'>
    >,
  ): void {
    this.guard(() => {
      this.current = replaceManifestSync(this.paths.folder, { ...this.current, ...fields });
    });
  }

  /** Replaces a file of checkpoints/ as a whole. */
  checkpoint(name: string, bytes: Uint8Array): void {
    this.guard(() => {
      if (!existsSync(this.paths.checkpoints)) mkdirSync(this.paths.checkpoints);
      replaceFileSync(join(this.paths.checkpoints, name), bytes);
    });
  }

  /** Does the same beside all else. */
  async checkpointBeside(name: string, bytes: Uint8Array): Promise<void> {
    this.guard(() => {
      if (!existsSync(this.paths.checkpoints)) mkdirSync(this.paths.checkpoints);
    });
    try {
      await replaceFile(join(this.paths.checkpoints, name), bytes);
    } catch (error) {
      this.guard(() => {
        throw error;
      });
    }
  }

  encoder(content: string | Uint8Array): void {
    this.guard(() => replaceFileSync(this.paths.encoder, content));
  }

  log(text: string): void {
    const file = doNow(openToAppend(this.paths.log));
    try {
      appendFileSync(file, `${new Date().toISOString()} ${text}\n`);
    } finally {
      closeSync(file);
    }
  }

  /** Sets how long a step may take before another machine thinks that the trainer is gone. */
  startHeart(deadlineSeconds: number): void {
    const program = this.program === null ? {} : { program: this.program };
    this.heartbeat = {
      pid: process.pid,
      ...program,
      startedAt: ownStart(),
      ...thisMachine(),
      deadlineSeconds,
    };
    this.guard(() => replaceFileSync(this.paths.heartbeat, `${JSON.stringify(this.heartbeat)}\n`));
    if (this.heart !== null) closeSync(this.heart);
    this.heart = doNow(openToChange(this.paths.heartbeat));
    this.lastBeat = performance.now();
    this.longestPause = 0;
  }

  /** Touches the heartbeat, at most once a second. Throws RunGoneError when the folder was deleted. */
  beat(): void {
    const now = performance.now();
    const pause = now - this.lastBeat;
    if (pause < beatMilliseconds || this.heart === null || this.heartbeat === null) return;
    this.longestPause = Math.max(this.longestPause, pause);
    this.lastBeat = now;
    if (this.longestPause * 3 > this.heartbeat.deadlineSeconds * 1000) {
      const pauseSeen = this.longestPause;
      this.startHeart(Math.ceil((pauseSeen * 5) / 1000));
      return;
    }
    const seconds = Date.now() / 1000;
    futimesSync(this.heart, seconds, seconds);
    if (!existsSync(this.paths.folder)) throw new RunGoneError(this.paths.folder);
  }

  /** Returns whether somebody has put a file `stop` into the folder; looks a few times a second. */
  stopRequested(): boolean {
    const now = performance.now();
    if (!this.stop && now - this.lastLook >= stopLookMilliseconds) {
      this.lastLook = now;
      this.stop = doNow(factsOf(this.paths.stop))?.isFile === true;
    }
    return this.stop;
  }

  /**
   * Leaves a queued run to another process (`open`, from this one): until that has taken it, this one's
   * heartbeat stands for it.
   */
  release(): void {
    if (this.heart !== null) closeSync(this.heart);
    this.heart = null;
    closeSync(this.events);
  }

  /** No longer this process's run: takes the heartbeat and a request to stop away. */
  close(): void {
    this.release();
    doNow(removeFile(this.paths.heartbeat));
    doNow(removeFile(this.paths.stop));
  }

  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && !existsSync(this.paths.folder))
        throw new RunGoneError(this.paths.folder);
      throw error;
    }
  }
}

/** Cuts a torn last line off and returns the last sequence number, and that event's step. */
function recoverEvents(path: string): { seq: number; step: number } {
  let last = { seq: 0, step: 0 };
  if (!existsSync(path)) return last;
  const file = doNow(openToChange(path));
  try {
    const splitter = new LineSplitter();
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let [at, whole] = [0, 0];
    for (let bytes; (bytes = doNow(readPart(file, chunk, at))) > 0; at += bytes) {
      const piece = Buffer.from(chunk.subarray(0, bytes));
      const end = piece.lastIndexOf(0x0a);
      if (end >= 0) whole = at + end + 1;
      for (const line of splitter.push(piece)) {
        const event = parseEvent(line);
        if (event !== null && event.seq > last.seq) last = { seq: event.seq, step: event.step };
      }
    }
    if (whole < at) ftruncateSync(file, whole);
  } finally {
    closeSync(file);
  }
  return last;
}
