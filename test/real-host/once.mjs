import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { minutes, patience } from '../patience.mjs';

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
        await writeFile(join(lock, 'pid'), String(process.pid));
        if (!existsSync(done)) await make();
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
      return;
    }
    if (await isAbandoned(lock)) await rm(lock, { recursive: true, force: true });
    await sleep(200);
  }
}

/**
 * Says whether the process that holds the lock has died: it must not block everyone after it.
 * @param {string} lock
 */
async function isAbandoned(lock) {
  const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => ''));
  if (pid > 0) return !isAlive(pid);
  const since = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  return Date.now() - since > minutes(patience.wait);
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
