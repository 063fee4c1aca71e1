import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who reads files of the cache: beside a file that a program has open lies an empty one, `<name>.read-<pid>`. Files
 * with such a mark of a living program are not removed.
 */
const mark = /^(.*\.rows)\.read-(\d+)$/;

/** How often this program has each file open. */
const held = new Map<string, number>();

/** Marks a file as one that this program reads, until `letGo`, or its end. */
export function hold(path: string): void {
  const times = held.get(path) ?? 0;
  held.set(path, times + 1);
  if (held.size === 1 && times === 0) process.once('exit', letAllGo);
  if (times === 0) tryTo(() => writeFileSync(ownMark(path), '', { flag: 'wx' }));
}

export function letGo(path: string): void {
  const times = held.get(path) ?? 0;
  if (times > 1) held.set(path, times - 1);
  else if (held.delete(path)) {
    tryTo(() => rmSync(ownMark(path), { force: true }));
    if (held.size === 0) process.off('exit', letAllGo);
  }
}

function letAllGo(): void {
  for (const path of held.keys()) tryTo(() => rmSync(ownMark(path), { force: true }));
}

const ownMark = (path: string): string => `${path}.read-${process.pid}`;

/** Returns the paths of the files of a folder that living programs read; marks of dead ones are removed. */
export function readIn(folder: string, isAlive: (pid: number) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of readdirSync(folder)) {
    const [, file, pid] = mark.exec(name) ?? [];
    if (file === undefined) continue;
    if (isAlive(Number(pid))) found.add(join(folder, file));
    else tryTo(() => rmSync(join(folder, name), { force: true }));
  }
  return found;
}

/** A mark that cannot be written or removed is none: whoever has a file open goes on reading it, removed or not. */
function tryTo(change: () => void): void {
  try {
    change();
  } catch {
    // As said above.
  }
}
