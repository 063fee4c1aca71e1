import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as v from 'valibot';
import type { RunManifest, RunStatus } from '../shared/run/run-manifest.js';
import { doLater, errorCode } from './files/file-work.js';
import { readTimedText } from './files/run-file.js';
import { runPaths } from './files/run-paths.js';
import { isLive } from '../shared/run/run-status.js';

/** The heartbeat file says who trains, and its modification time when that process was last seen at work. */
const heartbeatSchema = v.object({
  pid: v.number(),
  /**
   * The program that a person has started, where it leaves the training to processes of its own; absent: pid.
   */
  program: v.optional(v.number()),
  /**
   * When the process started, in the kernel's own words; null where that cannot be told. With it a reused pid
   * is noticed.
   */
  startedAt: v.nullable(v.string()),
  /** Another one after each boot; null where that cannot be told. */
  bootId: v.nullable(v.string()),
  host: v.string(),
  /** Older than this: gone, as far as another machine can tell. Longer than the longest step seen. */
  deadlineSeconds: v.number(),
});
export type Heartbeat = v.InferOutput<typeof heartbeatSchema>;

/** Answers questions about processes; tests answer themselves. */
export interface ProcessProbe {
  readonly host: string;
  readonly bootId: string | null;
  /** Null: gone. */
  find(pid: number): Promise<FoundProcess | null>;
}

export interface FoundProcess {
  /** Says when it started, in the words of the heartbeat; null: it runs, but since when cannot be told. */
  readonly startedAt: string | null;
}

/** A queued run whose trainer has not shown up for this long never gets one. */
export const queuedGraceSeconds = 120;

/**
 * Where only the time of a heartbeat tells whether its trainer lives, it counts no longer than this, whatever
 * deadline it names, and not at all if it lies further in the future: a folder that somebody has prepared must
 * not show as running for ever.
 */
export const longestDeadlineSeconds = 3600;

export function thisMachine(): { host: string; bootId: string | null } {
  return { host: hostname(), bootId: readBootId() };
}

export function systemProbe(): ProcessProbe {
  return {
    ...thisMachine(),
    async find(pid) {
      if (process.platform !== 'linux') return signalProbe(pid);
      try {
        return startOf(await readFile(`/proc/${pid}/stat`, 'utf8'));
      } catch (error) {
        return ['ENOENT', 'ESRCH'].includes(errorCode(error)) ? null : signalProbe(pid);
      }
    },
  };
}

/** Returns when this process started, for its heartbeat. */
export function ownStart(): string | null {
  try {
    return startOf(readFileSync('/proc/self/stat', 'utf8'))?.startedAt ?? null;
  } catch {
    return null;
  }
}

/**
 * Returns the run's true status: a run that says running (or queued, and a trainer had taken it) and has no
 * living trainer is interrupted. `now` in milliseconds since 1970.
 */
export async function trueStatus(
  folder: string,
  manifest: RunManifest,
  probe: ProcessProbe,
  now: number,
): Promise<RunStatus> {
  if (!isLive(manifest)) return manifest.status;
  const heart = await readHeartbeat(folder);
  if (heart === null) {
    const waits =
      manifest.status === 'queued' &&
      Math.abs(now - Date.parse(manifest.times.created)) < queuedGraceSeconds * 1000;
    return waits ? 'queued' : 'interrupted';
  }
  return (await beats(heart, probe, now)) ? manifest.status : 'interrupted';
}

/** Returns the process that holds the run; null: none that lives. */
export async function holder(folder: string, probe: ProcessProbe, now: number): Promise<number | null> {
  const heart = await readHeartbeat(folder);
  return heart !== null && (await beats(heart, probe, now)) ? heart.beat.pid : null;
}

/** Returns the program that a person has started to train the run; null: no living process holds it. */
export async function holdingProgram(
  folder: string,
  probe: ProcessProbe,
  now: number,
): Promise<number | null> {
  const heart = await readHeartbeat(folder);
  return heart !== null && (await beats(heart, probe, now)) ? (heart.beat.program ?? heart.beat.pid) : null;
}

async function beats(
  heart: { beat: Heartbeat; at: number },
  probe: ProcessProbe,
  now: number,
): Promise<boolean> {
  const { beat, at } = heart;
  const age = (now - at) / 1000;
  const inTime =
    age <= Math.min(beat.deadlineSeconds, longestDeadlineSeconds) && -age <= longestDeadlineSeconds;
  if (beat.host !== probe.host) return inTime;
  if (beat.bootId !== null && probe.bootId !== null && beat.bootId !== probe.bootId) return false;
  const found = await probe.find(beat.pid);
  if (found === null) return false;
  // A pid alone may have been given to another program since, and a start alone is that of any boot: then only
  // the deadline tells.
  if (found.startedAt === null || beat.startedAt === null || beat.bootId !== probe.bootId) return inTime;
  return found.startedAt === beat.startedAt;
}

async function readHeartbeat(folder: string): Promise<{ beat: Heartbeat; at: number } | null> {
  try {
    const { text, modified } = await doLater(readTimedText(runPaths(folder).heartbeat));
    const parsed = v.safeParse(heartbeatSchema, JSON.parse(text));
    return parsed.success ? { beat: parsed.output, at: modified } : null;
  } catch {
    return null;
  }
}

/**
 * Returns the start of a process from its line of /proc/PID/stat (proc(5)); null: it is a zombie, which is as
 * good as gone. The program's name in parentheses may hold anything, so the fields are counted from the last
 * parenthesis.
 */
function startOf(line: string): FoundProcess | null {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields[19];
  return startedAt === undefined || fields[0] === 'Z' || fields[0] === 'X' ? null : { startedAt };
}

function signalProbe(pid: number): FoundProcess | null {
  try {
    process.kill(pid, 0);
    return { startedAt: null };
  } catch (error) {
    return errorCode(error) === 'ESRCH' ? null : { startedAt: null };
  }
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
