import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `make` unless `done` exists; of several processes that ask at once, one makes it and the others wait.
 * @param {string} done
 * @param {() => Promise<void>} make
 */
export async function once(done, make) {
  const lock = `${done}.lock`;
  await mkdir(dirname(lock), { recursive: true });
  while (!existsSync(done)) {
    const mine = await mkdir(lock).then(
      () => true,
      () => false,
    );
    if (mine) {
      try {
        if (!existsSync(done)) await make();
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
      return;
    }
    // A process that died while it held the lock must not block everyone after it.
    const age =
      Date.now() -
      (await stat(lock).then(
        (entry) => entry.mtimeMs,
        () => Date.now(),
      ));
    if (age > 180_000) await rm(lock, { recursive: true, force: true });
    await sleep(200);
  }
}
