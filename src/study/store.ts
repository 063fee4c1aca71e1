import { ftruncateSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { doLater, doNow, errorCode } from '../run/files/file-work.js';
import { isGone } from '../run/files/is-gone.js';
import { chunkBytes, LineSplitter } from '../run/files/lines.js';
import { withLock } from '../run/files/lock.js';
import {
  appendTo,
  close,
  openToAppend,
  openToChange,
  openToRead,
  readPart,
  readText,
  refuseLinkedRun,
  removeFile,
  sizeOf,
  writeNew,
} from '../run/files/run-file.js';
import { InputError } from '../shared/errors.js';
import { studyLineSchema, type StudyLine } from '../shared/study/line.js';

/** The files of a study's folder (docs/formats.md). */
export interface StudyPaths {
  readonly folder: string;
  readonly runs: string;
  /** Says which process trains the study; it is gone with it. */
  readonly trainer: string;
  /** Held while `trainer` is looked at and replaced. */
  readonly lock: string;
}

export function studyPaths(workspace: string, name: string): StudyPaths {
  const folder = join(workspace, '.mmoe', 'studies', folderName(name));
  return {
    folder,
    runs: join(folder, 'runs.jsonl'),
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
function lineOf(text: string): StudyLine | null {
  try {
    const parsed = v.safeParse(studyLineSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
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
        throw new InputError('study.busy', `this study is being trained by ${other}; stop it first`, {
          file: paths.folder,
        });
      await doLater(removeFile(paths.trainer));
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

  close(): void {
    doNow(close(this.file));
    doNow(removeFile(this.paths.trainer));
  }
}

/** Returns who trains a study, for people; null: nobody, or a process that is gone. */
async function trainerOf(path: string): Promise<string | null> {
  let text;
  try {
    text = await doLater(readText(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  let found;
  try {
    found = v.safeParse(trainerSchema, JSON.parse(text));
  } catch {
    return null;
  }
  if (!found.success) return null;
  const { pid, host } = found.output;
  if (host !== hostname()) return `process ${pid} on ${host}`;
  return pid === process.pid || isGone(pid) ? null : `process ${pid}`;
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
