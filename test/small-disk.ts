import { spawnSync } from 'node:child_process';
import { statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Mounts a small disk of its own at a folder, in memory; false: this machine does not let us. */
export const mountDisk = (folder: string, kilobytes: number): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]).status === 0;

/** Takes the disk away, whoever still uses it. */
export const unmountDisk = (folder: string): void => void spawnSync('umount', ['-l', folder]);

/** Fills a disk to its last byte. Returns a file that can be removed again. */
export async function fill(folder: string): Promise<string> {
  const ballast = join(folder, 'ballast');
  const { bavail, bsize } = await statfs(folder);
  await writeFile(ballast, Buffer.alloc(bavail * bsize)).catch(() => undefined);
  return ballast;
}
