import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

/**
 * Returns the absolute path of a program that a setting names, by a path or by a name that is looked up in the
 * folders of PATH. Programs start in a workspace, so nothing is looked up there: neither a relative path nor a
 * relative folder of PATH. What is not found is taken to lie in `base`, for a message that says where it is not.
 */
export function executablePath(named: string, base: string, path = process.env['PATH'] ?? ''): string {
  if (/[\\/]/.test(named)) return resolve(base, named);
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  const places = path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .flatMap((folder) => endings.map((ending) => join(folder, named + ending)));
  return places.find((place) => existsSync(place)) ?? resolve(base, named);
}
