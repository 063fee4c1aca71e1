import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { InputError } from '../../../shared/errors.js';
import { fileAccess, httpAccess, type RandomAccess } from './random-access.js';
import { commandWorks, run } from './run.js';
import { pinnedWheel, wheelVersion } from './wheel.js';

export interface FoundWheel {
  readonly fileName: string;
  readonly version: string;
  readonly bytes: RandomAccess;
}

export interface WheelOptions {
  /** A wheel on this machine. */
  readonly file?: string | undefined;
  /**
   * Address of a package index (PEP 503 and 691). Default: the one that pip or `PIP_INDEX_URL` is configured
   * with.
   */
  readonly index?: string | undefined;
  readonly version: string;
  /** Downloads go here. */
  readonly folder: string;
  readonly onProgress: (text: string) => void;
}

/**
 * A wheel of TensorFlow: the named file; else by pip, which knows the user's index, proxy and certificates;
 * else from the index itself.
 */
export async function findWheel(options: WheelOptions): Promise<FoundWheel> {
  if (options.file !== undefined) return fromFile(options.file, options.onProgress);
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

async function fromFile(file: string, onProgress: (text: string) => void): Promise<FoundWheel> {
  const fileName = basename(file);
  const version = wheelVersion(fileName);
  if (version === null) throw wrongWheel(file);
  const pinned = pinnedWheel(fileName);
  if (pinned !== null) {
    onProgress('checking its SHA-256');
    checkHash(fileName, await sha256(file), pinned.sha256);
  }
  return { fileName, version, bytes: await fileAccess(file) };
}

async function fromPip(
  pip: readonly string[],
  { version, folder, onProgress }: WheelOptions,
): Promise<FoundWheel> {
  const arch = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  onProgress(`downloading TensorFlow ${version} with ${pip.join(' ')} (about 230 MB)`);
  // The Python version only picks one of several wheels that hold the same library.
  const platforms = ['manylinux_2_17', 'manylinux2014'].flatMap((platform) => [
    '--platform',
    `${platform}_${arch}`,
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
  if (fileName === undefined) throw new Error('pip has downloaded no wheel');
  return fromFile(join(folder, fileName), onProgress);
}

const simpleIndexSchema = v.object({
  files: v.array(
    v.object({ filename: v.string(), url: v.string(), hashes: v.record(v.string(), v.string()) }),
  ),
});

/** The index's JSON (PEP 691); of the wheel, only the members that are needed are read. */
async function fromIndex(index: string, { version, onProgress }: WheelOptions): Promise<FoundWheel> {
  const page = `${index.replace(/\/+$/, '')}/tensorflow-cpu/`;
  onProgress(`looking for TensorFlow ${version} at ${withoutPassword(page)}`);
  const response = await fetch(page, { headers: { accept: 'application/vnd.pypi.simple.v1+json' } });
  if (!response.ok)
    throw new Error(
      `${withoutPassword(page)} answers ${response.status}; ` +
        'name a package index with --index, or a wheel with --wheel',
    );
  const parsed = v.safeParse(simpleIndexSchema, await response.json().catch(() => null));
  if (!parsed.success) throw new Error(`${withoutPassword(page)} is not a package index with JSON (PEP 691)`);
  const file = parsed.output.files.find(
    ({ filename }) => wheelVersion(filename) === version && /-cp310-/.test(filename),
  );
  if (file === undefined)
    throw new Error(`${withoutPassword(page)} has no wheel of TensorFlow ${version} for this platform`);
  const pinned = pinnedWheel(file.filename);
  // Only parts are read, so that the whole file's hash can be compared with the pinned one but not computed.
  if (pinned !== null && file.hashes['sha256'] !== undefined)
    checkHash(file.filename, file.hashes['sha256'], pinned.sha256);
  onProgress(`reading ${file.filename} in parts (about 165 MB)`);
  return { fileName: file.filename, version, bytes: await httpAccess(new URL(file.url, page).href) };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function checkHash(fileName: string, actual: string, wanted: string): void {
  if (actual !== wanted)
    throw new Error(
      `${fileName} is not the file that was published: its SHA-256 is ${actual}, not ${wanted}`,
    );
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
const wrongWheel = (file: string) =>
  new InputError(
    'tensorflow.wheel',
    'not a wheel of TensorFlow 2.12 to 2.21 for this platform: ' +
      'give a file like tensorflow_cpu-2.18.1-…_x86_64.whl',
    { file },
  );
