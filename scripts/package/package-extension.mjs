import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { out, root } from '../paths.mjs';
import { checkContents } from './check-contents.mjs';
import { readZip } from './read-zip.mjs';
import { writeThirdPartyNotices } from './third-party-notices.mjs';

/** VS Code's name of this platform; the package holds DuckDB's library for it. */
export const target = `${process.platform}-${process.arch}`;

/** Resolves to the path at which the package is made. */
export async function packagePath() {
  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return join(out, `${name}-${target}-${version}.vsix`);
}

/**
 * Packages dist/ as it is. Resolves to the file, and to what is in it; throws where the contents are not as
 * they should be.
 */
export async function packageExtension() {
  const notices = await writeThirdPartyNotices();
  const file = await packagePath();
  await mkdir(out, { recursive: true });
  await rm(file, { force: true });
  await createVSIX({
    cwd: root,
    target,
    dependencies: false,
    packagePath: file,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const entries = await readZip(file);
  checkContents(entries);
  return { file, entries, notices };
}
