import type { StudyRun } from './cells.js';

/** A training that is to be begun, with the settings that decide its rows: two with the same can share them. */
export interface WaitingRun {
  readonly run: StudyRun;
  readonly rows: string;
}

/** Settings of these rooms of an experiment change nothing of its rows. */
const besideRows = /^(?:model|training|engine|name)\b/;

export const waitingRun = (run: StudyRun): WaitingRun => ({
  run,
  rows: run.sets.filter((set) => !besideRows.test(set)).join('\n'),
});

/**
 * Takes out of `waiting` the training that a process should begin next, so that rows are read or drawn as seldom as can
 * be: the first one with the rows that the process has (`own`); else the first with rows that none of the others has;
 * else the first.
 */
export function takeNext(
  waiting: WaitingRun[],
  own: string | undefined,
  others: readonly string[],
): WaitingRun | undefined {
  const same = waiting.findIndex(({ rows }) => rows === own);
  const at = same >= 0 ? same : waiting.findIndex(({ rows }) => !others.includes(rows));
  return waiting.splice(Math.max(at, 0), 1)[0];
}
