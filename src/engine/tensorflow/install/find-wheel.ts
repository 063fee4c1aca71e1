import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { InputError, WorkError } from '../../../shared/errors.js';
import { fileAccess, httpAccess, type RandomAccess } from './random-access.js';
import { commandWorks, run } from './run.js';
import { secureFetch } from './secure-fetch.js';
import { checkHash, wheelVersion, type PinnedWheel } from './wheel.js';

export interface FoundWheel {
  readonly fileName: string;
  readonly version: string;
  readonly bytes: RandomAccess;
  /** The hash that its RECORD must have; null: the whole file was checked. */
  readonly record: string | null;
}

export interface WheelOptions {
  /** A wheel on this machine. */
  readonly file?: string | undefined;
  /** The SHA-256 of that file, for one that this program does not know. */
  readonly sha256?: string | undefined;
  /**
   * Address of a package index (PEP 503 and 691). Default: the one that pip or `PIP_INDEX_URL` is configured
   * with.
   */
  readonly index?: string | undefined;
  readonly version: string;
  /** Downloads go here. */
  readonly folder: string;
  readonly pinned: ReadonlyMap<string, PinnedWheel>;
  readonly onProgress: (text: string) => void;
}

/**
 * A wheel of TensorFlow: the named file; else by pip, which knows the user's index, proxy and certificates;
 * else from the index itself.
 */
export async function findWheel(options: WheelOptions): Promise<FoundWheel> {
  if (options.file !== undefined) return fromFile(options.file, options);
  if (options.index === undefined) {
    for (const pip of [['pip'], ['pip3'], ['python3', '-m', 'pip'], ['python', '-m', 'pip']]) {
      if (await commandWorks(pip[0]!, [...pip.slice(1), '--version'])) return fromPip(pip, options);
    }
  }
  const index =
    options.index ??
    process.env['PIP_INDEX_URL'] ??
    process.env['UV_DEFAULT_INDEX'] ??
    process.env['UV_INDEX_URL'];
  if (index === undefined || index === '') throw noIndex();
  return fromIndex(index, options);
}

async function fromFile(file: string, { sha256, pinned, onProgress }: WheelOptions): Promise<FoundWheel> {
  const fileName = basename(file);
  const version = wheelVersion(fileName);
  if (version === null) throw wrongWheel(file);
  const wanted = sha256?.toLowerCase() ?? pinned.get(fileName)?.sha256;
  if (wanted === undefined) throw unknownWheel(file);
  onProgress('checking its SHA-256');
  checkHash(fileName, await sha256Of(file), wanted);
  return { fileName, version, bytes: await fileAccess(file), record: null };
}

async function fromPip(pip: readonly string[], options: WheelOptions): Promise<FoundWheel> {
  const { version, folder, onProgress } = options;
  onProgress(`downloading TensorFlow ${version} with ${pip.join(' ')} (about 230 MB)`);
  // The Python version only picks one of several wheels that hold the same library.
  const platforms = ['manylinux_2_17', 'manylinux2014'].flatMap((platform) => [
    '--platform',
    `${platform}_x86_64`,
  ]);
  const chosen = [
    '--python-version',
    '310',
    '--implementation',
    'cp',
    ...platforms,
    '--only-binary=:all:',
    '--no-deps',
  ];
  await run(pip[0]!, [
    ...pip.slice(1),
    'download',
    '--quiet',
    '--progress-bar',
    'off',
    ...chosen,
    '--dest',
    folder,
    `tensorflow-cpu==${version}`,
  ]);
  const fileName = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (fileName === undefined) throw new WorkError('tensorflow.pip', 'pip has downloaded no wheel');
  return fromFile(join(folder, fileName), { ...options, sha256: undefined });
}

const simpleIndexSchema = v.object({
  files: v.array(
    v.object({ filename: v.string(), url: v.string(), hashes: v.record(v.string(), v.string()) }),
  ),
});

/** The index's JSON (PEP 691); of the wheel, only the members that are needed are read. */
async function fromIndex(index: string, { version, pinned, onProgress }: WheelOptions): Promise<FoundWheel> {
  const page = `${index.replace(/\/+$/, '')}/tensorflow-cpu/`;
  onProgress(`looking for TensorFlow ${version} at ${withoutPassword(page)}`);
  const response = await secureFetch(page, { accept: 'application/vnd.pypi.simple.v1+json' });
  if (!response.ok)
    throw new WorkError(
      'tensorflow.index',
      `${withoutPassword(page)} answers ${response.status}; ` +
        'name a package index with --index, or a wheel with --wheel',
    );
  const parsed = v.safeParse(simpleIndexSchema, await response.json().catch(() => null));
  if (!parsed.success)
    throw new WorkError(
      'tensorflow.index',
      `${withoutPassword(page)} is not a package index with JSON (PEP 691)`,
    );
  const file = parsed.output.files.find(
    ({ filename }) => wheelVersion(filename) === version && pinned.has(filename),
  );
  const known = pinned.get(file?.filename ?? '');
  if (file === undefined || known === undefined)
    throw new WorkError(
      'tensorflow.index',
      `${withoutPassword(page)} has no wheel of TensorFlow ${version} that is known for this platform`,
    );
  // Only parts are read: the whole file's hash cannot be computed, but that of its list of hashes.
  const stated = file.hashes['sha256'];
  if (stated !== undefined) checkHash(file.filename, stated, known.sha256);
  onProgress(`reading ${file.filename} in parts (about 165 MB)`);
  const bytes = await httpAccess(new URL(file.url, page).href);
  return { fileName: file.filename, version, bytes, record: known.record };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//');
}

const noIndex = () =>
  new InputError(
    'tensorflow.index',
    'pip was not found, and no package index is configured: install pip, name an index with --index URL ' +
      '(or PIP_INDEX_URL), or a wheel of tensorflow-cpu 2.12 to 2.21 with --wheel FILE',
  );
const unknownWheel = (file: string) =>
  new InputError(
    'tensorflow.wheel',
    'not a wheel whose SHA-256 is known here: give the one that its publisher states with --sha256',
    { file },
  );
const wrongWheel = (file: string) =>
  new InputError(
    'tensorflow.wheel',
    'not a wheel of TensorFlow 2.12 to 2.21 for this platform: ' +
      'give a file like tensorflow_cpu-2.18.1-…_x86_64.whl',
    { file },
  );
