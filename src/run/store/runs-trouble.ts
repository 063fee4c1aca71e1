import { stat } from 'node:fs/promises';
import { isMissing } from '../files/file-work.js';
import { experimentBase } from '../files/run-paths.js';
import { systemRefusal } from '../../shared/system-error.js';

/** Why a runs folder shows no runs, or those of before, though there may be others. */
export type RunsTrouble =
  /** The folder is there and cannot be read; `reason` says why, and what to do. */
  | { readonly is: 'unreadable'; readonly reason: string }
  /** The folder that would hold `.mmoe` is no longer there. */
  | { readonly is: 'gone' };

/** Returns for people why something cannot be read, and what to do. */
function whyUnread(error: unknown): string {
  const refusal = systemRefusal(error);
  if (refusal !== null) return `${refusal.what}; ${refusal.help}`;
  return error instanceof Error ? error.message : String(error);
}

/** Returns what an error of looking at a runs folder means; null: there is no such folder yet. */
export async function troubleOf(error: unknown, runsFolder: string): Promise<RunsTrouble | null> {
  if (!isMissing(error)) return { is: 'unreadable', reason: whyUnread(error) };
  const isGone = await stat(experimentBase(runsFolder)).then(() => false, isMissing);
  return isGone ? { is: 'gone' } : null;
}
