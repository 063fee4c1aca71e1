import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dist, modules, out, root } from '../paths.mjs';
import { duckdbNativeFiles } from '../build/duckdb-binding.mjs';

/** Licence texts for packages that name their licence and do not carry its text. */
const standardTexts = join(root, 'scripts/package/licences');

/**
 * Writes dist/ThirdPartyNotices.txt: every package whose code or files are in dist/, with its licence. Throws
 * where one has none.
 */
export async function writeThirdPartyNotices() {
  const folders = new Set([join(modules, '@tensorflow/tfjs-backend-wasm'), duckdbNativeFiles().folder]);
  for (const file of await readdir(join(out, 'meta'))) {
    /** @type {import('esbuild').Metafile} */
    const metafile = JSON.parse(await readFile(join(out, 'meta', file), 'utf8'));
    for (const output of Object.values(metafile.outputs)) {
      for (const input of Object.keys(output.inputs)) {
        const folder = /^(?:[\w-]+:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
        if (folder !== undefined) folders.add(join(root, folder));
      }
    }
  }
  /** @type {Map<string, string>} */
  const notices = new Map();
  for (const folder of folders) {
    const { name, version, license, author } = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    );
    const heading = `${name} ${version} (${license})`;
    const by = typeof author === 'string' ? author : (author?.name ?? `the authors of ${name}`);
    notices.set(
      heading,
      `${heading}\n${'-'.repeat(heading.length)}\n\n${await licenceText(folder, license, by)}`,
    );
  }
  const text = [...notices.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice.trim());
  await mkdir(dist, { recursive: true });
  await writeFile(
    join(dist, 'ThirdPartyNotices.txt'),
    `This extension contains the following software.\n\n${text.join('\n\n\n')}\n`,
  );
  return text.length;
}

/**
 * @param {string} folder
 * @param {unknown} licence
 * @param {string} author
 */
async function licenceText(folder, licence, author) {
  const files = (await readdir(folder))
    .filter((name) => /^(licen[cs]e|notice|copying|third_?party)/i.test(name))
    .sort();
  if (files.length > 0)
    return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n\n');
  const standard = join(standardTexts, `${String(licence)}.txt`);
  if (!existsSync(standard))
    throw new Error(
      `${folder} has no licence file, and ${dirname(standard)} has no text for ${String(licence)}`,
    );
  return (await readFile(standard, 'utf8')).replace('<copyright holders>', author);
}
