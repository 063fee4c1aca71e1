import { join } from 'node:path';
import * as v from 'valibot';
import { doLater } from '../run/files/file-work.js';
import { replaceFile } from '../run/files/replace-file.js';
import { readIfThere, refuseLinkedRun } from '../run/files/run-file.js';
import type { StudyPaths } from './store.js';

/**
 * What a person says of a study: about.json in its folder. It is a file of its own, as its trainer writes study.json
 * whenever it likes.
 */
const aboutSchema = v.object({
  /** '': it is called as its file says. */
  name: v.fallback(v.string(), ''),
  notes: v.fallback(v.string(), ''),
  /** When the notes were changed, by the clock of now. */
  notesChanged: v.fallback(v.string(), ''),
});
export type StudyAbout = v.InferOutput<typeof aboutSchema>;

const nothing: StudyAbout = { name: '', notes: '', notesChanged: '' };

const mostBytes = 16e6;

const pathOf = ({ folder }: Pick<StudyPaths, 'folder'>): string => join(folder, 'about.json');

/** Reads what a person says of a study; nothing where that is not there, or cannot be read. */
export async function readAbout(paths: Pick<StudyPaths, 'folder'>): Promise<StudyAbout> {
  const bytes = await doLater(readIfThere(pathOf(paths), mostBytes));
  if (bytes === null) return nothing;
  try {
    const parsed = v.safeParse(aboutSchema, JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.output : nothing;
  } catch {
    return nothing;
  }
}

/** Changes what a person says of a study. */
export async function changeAbout(
  paths: Pick<StudyPaths, 'folder'>,
  change: Partial<Pick<StudyAbout, 'name' | 'notes'>>,
): Promise<void> {
  await doLater(refuseLinkedRun(paths.folder));
  const before = await readAbout(paths);
  const isNew = change.notes !== undefined && change.notes !== before.notes;
  // Later than the change before, so that an editor sees that there was one.
  const changed = new Date(Math.max(Date.now(), (Date.parse(before.notesChanged) || 0) + 1)).toISOString();
  const about = { ...before, ...change, ...(isNew && { notesChanged: changed }) };
  await replaceFile(pathOf(paths), `${JSON.stringify(about, null, 2)}\n`);
}
