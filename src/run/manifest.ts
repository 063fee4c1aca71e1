import * as v from 'valibot';
import { InputError } from '../shared/errors.js';
import { runManifestSchema, type RunManifest } from '../shared/run/run-manifest.js';
import { doLater, doNow, errorCode, isMissing } from './files/file-work.js';
import { systemRefusal } from '../shared/system-error.js';
import { withLock, withLockSync } from './files/lock.js';
import { readText } from './files/run-file.js';
import { runPaths } from './files/run-paths.js';
import { replaceFile, replaceFileSync } from './files/replace-file.js';

/** The fields of run.json that belong to people; everything else is the trainer's. */
export type UserFields = Pick<RunManifest, 'name' | 'tags' | 'notes' | 'starred' | 'archived'>;

/** What belongs to people of a comparison: all its runs have the same. */
export type ComparisonFields = Partial<Pick<NonNullable<RunManifest['comparison']>, 'name' | 'notes'>>;

export type ManifestReading =
  | { readonly state: 'ok'; readonly manifest: RunManifest }
  /** There is a run.json that this version cannot read; `reason` is for people. */
  | { readonly state: 'unreadable'; readonly reason: string }
  /** No such folder, or no run.json in it. */
  | { readonly state: 'gone' };

/** A run that waits for its trainer. */
export function newManifest(fields: {
  id: string;
  name: string;
  experimentFile: string | null;
  created: Date;
  seed?: number;
  experiment?: RunManifest['experiment'];
  comparison?: RunManifest['comparison'];
}): RunManifest {
  return {
    format: 1,
    id: fields.id,
    name: fields.name,
    status: 'queued',
    experiment: fields.experiment ?? null,
    experimentFile: fields.experimentFile,
    data: null,
    tasks: [],
    network: null,
    engine: null,
    seed: fields.seed ?? 1,
    parameters: null,
    epochs: null,
    stepsPerEpoch: null,
    versions: {},
    git: null,
    times: {
      created: fields.created.toISOString(),
      started: null,
      ended: null,
      seconds: 0,
      rowsPerSecond: null,
    },
    summary: null,
    error: null,
    comparison: fields.comparison ?? null,
    tags: [],
    notes: '',
    starred: false,
  };
}

const formatSchema = v.object({ format: v.number() });

export function parseManifest(text: string): ManifestReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { state: 'unreadable', reason: 'run.json is not whole: it is not valid JSON' };
  }
  const format = v.safeParse(formatSchema, json);
  if (format.success && format.output.format > 1) {
    return {
      state: 'unreadable',
      reason: `run.json has format ${format.output.format}, made by a newer version; this one reads format 1`,
    };
  }
  const result = v.safeParse(runManifestSchema, json);
  if (result.success) return { state: 'ok', manifest: result.output };
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  return {
    state: 'unreadable',
    reason: `run.json is not as expected${path === null ? '' : `, at "${path}"`}: ${issue.message}`,
  };
}

export async function readManifest(folder: string): Promise<ManifestReading> {
  try {
    return parseManifest(await doLater(readText(runPaths(folder).manifest)));
  } catch (error) {
    return unread(error);
  }
}

export function readManifestSync(folder: string): ManifestReading {
  try {
    return parseManifest(doNow(readText(runPaths(folder).manifest)));
  } catch (error) {
    return unread(error);
  }
}

/**
 * Changes what belongs to people, under the lock, whatever the trainer writes meanwhile. Fields that this
 * version does not know are kept. Throws when the run is gone or unreadable.
 */
export function editManifest(folder: string, edit: Partial<UserFields>, now = Date.now): Promise<void> {
  return changeManifest(folder, (manifest) => ({
    ...edit,
    ...changeOfNotes(manifest, manifest.times.created, edit.notes, now()),
  }));
}

/** Changes what a run says of its comparison, likewise. A run that belongs to none stays as it is. */
export function editComparison(folder: string, edit: ComparisonFields, now = Date.now): Promise<void> {
  return changeManifest(folder, ({ comparison, times }, whole) =>
    comparison === null
      ? {}
      : {
          comparison: {
            ...v.parse(v.looseObject({}), whole['comparison']),
            ...edit,
            ...changeOfNotes({ notes: '', ...comparison }, times.created, edit.notes, now()),
          },
        },
  );
}

/** Writes what `change` makes of a manifest over it. `whole` has the fields that this version does not know, too. */
async function changeManifest(
  folder: string,
  change: (manifest: RunManifest, whole: Readonly<Record<string, unknown>>) => object,
): Promise<void> {
  const paths = runPaths(folder);
  await withLock(paths.lock, async (stillHeld) => {
    const text = await doLater(readText(paths.manifest));
    const current = parseManifest(text);
    if (current.state !== 'ok')
      throw new Error(current.state === 'unreadable' ? current.reason : 'the run is gone');
    const whole = v.parse(v.record(v.string(), v.unknown()), JSON.parse(text));
    await replaceFile(paths.manifest, print({ ...whole, ...change(current.manifest, whole) }), stillHeld);
  });
}

/**
 * A document's time must grow with each change, whatever the clock does, or an editor takes a younger text
 * for an older one.
 */
function changeOfNotes(
  { notes, notesChanged }: Pick<RunManifest, 'notes' | 'notesChanged'>,
  created: string,
  wanted: string | undefined,
  now: number,
): Pick<RunManifest, 'notesChanged'> {
  if (wanted === undefined || wanted === notes) return {};
  return {
    notesChanged: new Date(Math.max(now, Date.parse(notesChanged ?? created) + 1)).toISOString(),
  };
}

/**
 * The trainer's side: replaces run.json by `manifest`, but keeps what people have changed meanwhile, and
 * returns what was written. Throws when the folder is gone.
 */
export function replaceManifestSync(folder: string, manifest: RunManifest): RunManifest {
  const paths = runPaths(folder);
  return withLockSync(paths.lock, (stillHeld) => {
    const current = readManifestSync(folder);
    const written =
      current.state === 'ok'
        ? {
            ...manifest,
            ...userFields(current.manifest),
            comparison: comparisonOf(manifest, current.manifest),
          }
        : manifest;
    replaceFileSync(paths.manifest, print(written), stillHeld);
    return written;
  });
}

function userFields({
  name,
  tags,
  notes,
  notesChanged,
  starred,
  archived,
}: RunManifest): UserFields & Pick<RunManifest, 'notesChanged'> {
  return {
    ...{ name, tags, notes, starred },
    ...(archived !== undefined && { archived }),
    ...(notesChanged !== undefined && { notesChanged }),
  };
}

/** Returns what a manifest says of its comparison, with what people have made of that in `current`. */
function comparisonOf(manifest: RunManifest, current: RunManifest): RunManifest['comparison'] {
  if (manifest.comparison === null || current.comparison === null) return manifest.comparison;
  const { name, notes, notesChanged } = current.comparison;
  return {
    ...manifest.comparison,
    name,
    ...(notes !== undefined && { notes }),
    ...(notesChanged !== undefined && { notesChanged }),
  };
}

export const print = (manifest: object): string => `${JSON.stringify(manifest, null, 2)}\n`;

function unread(error: unknown): ManifestReading {
  if (isMissing(error)) return { state: 'gone' };
  if (error instanceof InputError) return { state: 'unreadable', reason: error.message };
  const refusal = systemRefusal(error);
  const why =
    refusal === null ? ` (${errorCode(error) || String(error)})` : `: ${refusal.what}; ${refusal.help}`;
  return { state: 'unreadable', reason: `run.json cannot be read${why}` };
}
