import { ftruncateSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { doLater, doNow, errorCode } from '../run/files/file-work.js';
import { replaceFileSync } from '../run/files/replace-file.js';
import { isGone } from '../run/files/is-gone.js';
import { chunkBytes, LineSplitter } from '../run/files/lines.js';
import { withLock } from '../run/files/lock.js';
import {
  appendTo,
  close,
  isReadable,
  makeEmpty,
  openToAppend,
  openToChange,
  openToRead,
  readIfThere,
  readPart,
  readText,
  refuseLinkedRun,
  removeFile,
  sizeOf,
  writeNew,
} from '../run/files/run-file.js';
import { InputError } from '../shared/errors.js';
import { studyLineSchema, type StudyLine } from '../shared/study/line.js';
import { studyRecordSchema, type StudyRecord, type StudyStatus } from '../shared/study/record.js';

/** The files of a study's folder (docs/formats.md). */
export interface StudyPaths {
  readonly folder: string;
  readonly runs: string;
  /** The study as it was resolved, and what is planned. */
  readonly record: string;
  /** Exists: the trainer is asked to end. */
  readonly stop: string;
  /** The figures and tables as they were drawn last. */
  readonly figures: string;
  /** Says which process trains the study; it is gone with it. */
  readonly trainer: string;
  /** Held while `trainer` is looked at and replaced. */
  readonly lock: string;
}

/** Returns where the studies of a workspace are; `workspace` is the folder that holds (or will hold) `.mmoe`. */
export const studiesFolderFor = (workspace: string): string => join(workspace, '.mmoe', 'studies');

export const studyPaths = (workspace: string, name: string): StudyPaths =>
  studyPathsIn(join(studiesFolderFor(workspace), folderName(name)));

export function studyPathsIn(folder: string): StudyPaths {
  return {
    folder,
    runs: join(folder, 'runs.jsonl'),
    record: join(folder, 'study.json'),
    stop: join(folder, 'stop'),
    figures: join(folder, 'figures'),
    trainer: join(folder, 'trainer.json'),
    lock: join(folder, 'trainer.json.lock'),
  };
}

/** Makes a name fit for a folder on every system; it stays readable. */
function folderName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} _-]+/gu, '-')
    .replace(/^[ -]+|[ -]+$/g, '');
  return plain === '' ? 'study' : plain.slice(0, 80);
}

/** Returns the lines of a study, the last of each training; an empty list if there is none yet. */
export async function readStudyLines({ folder, runs }: StudyPaths): Promise<StudyLine[]> {
  let file;
  try {
    await doLater(refuseLinkedRun(folder));
    file = await doLater(openToRead(runs));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  try {
    const byKey = new Map<string, StudyLine>();
    const splitter = new LineSplitter();
    for (let at = 0; ;) {
      const chunk = Buffer.allocUnsafe(chunkBytes);
      const bytes = await doLater(readPart(file, chunk, at));
      if (bytes === 0) return [...byKey.values()];
      at += bytes;
      for (const text of splitter.push(chunk.subarray(0, bytes))) {
        const line = lineOf(text);
        if (line !== null) byKey.set(line.key, line);
      }
    }
  } finally {
    await doLater(close(file));
  }
}

/** Reads a line; null: it is garbled, or of a later version. */
export function lineOf(text: string): StudyLine | null {
  try {
    const parsed = v.safeParse(studyLineSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Reads a study's record; null: it has none, or one that cannot be read. */
export async function readStudyRecord({ record }: StudyPaths): Promise<StudyRecord | null> {
  const text = await doLater(readIfThere(record, mostRecordBytes));
  if (text === null) return null;
  try {
    const parsed = v.safeParse(studyRecordSchema, JSON.parse(text.toString('utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** The keys of a million trainings. */
const mostRecordBytes = 64e6;

/** Asks the trainer of a study, wherever it runs, to end. */
export const requestStudyStop = ({ stop }: StudyPaths): Promise<void> => doLater(makeEmpty(stop));

/** Returns how a study is, by its record, its trainer and how many of its trainings are there. */
export async function studyStatus(
  paths: StudyPaths,
  { total, times }: StudyRecord,
  done: number,
): Promise<StudyStatus> {
  const trainer = await trainerIn(paths.trainer);
  if (trainer !== null && !isOver(trainer)) return 'running';
  if (times.ended !== null && (total === null || done >= total)) return 'finished';
  return trainer === null ? 'stopped' : 'interrupted';
}

const trainerSchema = v.object({ pid: v.number(), host: v.string() });

/** The one who trains a study: it alone appends to its runs. */
export class StudyWriter {
  private constructor(
    private readonly paths: StudyPaths,
    private readonly file: number,
  ) {}

  /** Takes a study, and makes its folder. Throws an InputError while another process trains it. */
  static async open(paths: StudyPaths): Promise<StudyWriter> {
    mkdirSync(paths.folder, { recursive: true });
    await doLater(refuseLinkedRun(paths.folder));
    await withLock(paths.lock, async () => {
      const other = await trainerOf(paths.trainer);
      if (other !== null)
        throw new InputError(
          'study.busy',
          `this study is being trained by ${other}; stop it first, with Ctrl-C where it runs or Stop on its page`,
          { file: paths.folder },
        );
      for (const old of [paths.trainer, paths.stop]) await doLater(removeFile(old));
      await doLater(writeNew(paths.trainer, JSON.stringify({ pid: process.pid, host: hostname() })));
    });
    cutTornLine(paths.runs);
    return new StudyWriter(paths, doNow(openToAppend(paths.runs)));
  }

  append(line: StudyLine): void {
    const size = doNow(sizeOf(this.file));
    try {
      doNow(appendTo(this.file, `${JSON.stringify(line)}\n`));
    } catch (error) {
      // A full disk takes half a line: without this the next one would be garbled too.
      ftruncateSync(this.file, size);
      throw error;
    }
  }

  /** Says what the study is, and what is planned. */
  record(record: StudyRecord): void {
    replaceFileSync(this.paths.record, `${JSON.stringify(record)}\n`);
  }

  /** Returns whether somebody has asked the study to end. */
  isAskedToStop(): Promise<boolean> {
    return doLater(isReadable(this.paths.stop));
  }

  close(): void {
    doNow(close(this.file));
    doNow(removeFile(this.paths.stop));
    doNow(removeFile(this.paths.trainer));
  }
}

/** Returns who trains a study, for people; null: nobody, or a process that is gone. */
async function trainerOf(path: string): Promise<string | null> {
  const trainer = await trainerIn(path);
  if (trainer === null || isOver(trainer) || isThisProcess(trainer)) return null;
  const { pid, host } = trainer;
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
}

type Trainer = v.InferOutput<typeof trainerSchema>;

const isThisProcess = ({ pid, host }: Trainer): boolean => host === hostname() && pid === process.pid;

/** Whether a trainer is surely gone: of one on another machine that is not known. */
const isOver = ({ pid, host }: Trainer): boolean => host === hostname() && isGone(pid);

/** Reads which process trains a study, or has trained it; null: none says so. */
async function trainerIn(path: string): Promise<Trainer | null> {
  let text;
  try {
    text = await doLater(readText(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const found = v.safeParse(trainerSchema, JSON.parse(text));
    return found.success ? found.output : null;
  } catch {
    return null;
  }
}

/** Cuts off what a kill has left of a line: it belongs to no training that counts. */
function cutTornLine(path: string): void {
  let file;
  try {
    file = doNow(openToChange(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    const size = doNow(sizeOf(file));
    let end = size;
    const chunk = Buffer.alloc(1 << 16);
    while (end > 0) {
      const from = Math.max(0, end - chunk.length);
      const bytes = doNow(readPart(file, chunk.subarray(0, end - from), from));
      const newline = chunk.subarray(0, bytes).lastIndexOf(0x0a);
      if (newline >= 0) {
        end = from + newline + 1;
        break;
      }
      end = from;
    }
    if (end < size) ftruncateSync(file, end);
  } finally {
    doNow(close(file));
  }
}
