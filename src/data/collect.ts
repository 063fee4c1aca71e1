import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Gives back the memory of what nothing refers to any more. By itself that happens when much is allocated, and a training
 * allocates next to nothing: the columns as they were read would stay beside the encoded rows to its end.
 */
export async function collectGarbage(): Promise<void> {
  // What was just awaited is let go of by the next turn.
  await setImmediate();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}
