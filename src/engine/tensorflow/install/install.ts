import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../../shared/errors.js';
import { readInstallation, tensorflowFolder, type Installation } from '../backend/installation.js';
import { loadBinding } from '../backend/tfjs-node.js';
import { compileBinding, findCompiler } from './compile.js';
import { findWheel } from './find-wheel.js';
import { tfjsNodeSources } from './tfjs-node-sources.js';
import { DEFAULT_VERSION, pinnedWheels, unpackWheel } from './wheel.js';

export interface InstallOptions {
  /** A wheel of TensorFlow on this machine. */
  readonly wheel?: string | undefined;
  /** The SHA-256 of that wheel, where this program does not know it. */
  readonly sha256?: string | undefined;
  /** A package index's address; default: pip's own configuration. */
  readonly index?: string | undefined;
  /** Again, even where it is installed. */
  readonly force?: boolean | undefined;
  readonly onProgress: (text: string) => void;
}

const BINDING = 'tfjs_binding.node';
const PARTIAL = 'partial-';
/** No installation takes longer. */
const ABANDONED_AFTER_HOURS = 3;

/**
 * Makes tfjs-node work without its own install script: TensorFlow's libraries come from its Python wheel, the
 * binding is compiled from tfjs-node's sources. All of it goes to a cache folder; node_modules stays as it
 * is.
 */
export async function installTensorflow(options: InstallOptions): Promise<Installation & { folder: string }> {
  const folder = tensorflowFolder();
  const present = readInstallation(folder);
  if (
    present !== null &&
    options.force !== true &&
    options.wheel === undefined &&
    existsSync(join(folder, present.binding))
  ) {
    options.onProgress(`TensorFlow ${present.version} is installed already, in ${folder}`);
    return { ...present, folder };
  }
  checkPlatform();
  const compiler = await findCompiler();
  await mkdir(folder, { recursive: true });
  await removeAbandoned(folder);
  const work = await mkdtemp(join(folder, PARTIAL));
  try {
    const sources = join(work, 'sources');
    await mkdir(sources);
    const { require, fetched } = await tfjsNodeSources(folder, sources, options.onProgress);
    const found = await findWheel({
      file: options.wheel,
      sha256: options.sha256,
      pinned: pinnedWheels,
      index: options.index,
      version: DEFAULT_VERSION,
      folder: work,
      onProgress: options.onProgress,
    });
    const unpacked = join(work, 'unpacked');
    await unpackWheel(found.bytes, found, unpacked, options.onProgress);
    options.onProgress('compiling the binding');
    await compileBinding(compiler, unpacked, require);
    options.onProgress('trying it');
    tryBinding(join(unpacked, BINDING), require);
    await rm(join(unpacked, 'include'), { recursive: true });
    const { version } = found;
    if (fetched !== null) {
      await rm(join(folder, 'node_modules'), { recursive: true, force: true });
      await rename(join(fetched, 'node_modules'), join(folder, 'node_modules'));
    }
    await rm(join(folder, version), { recursive: true, force: true });
    await rename(unpacked, join(folder, version));
    const installation: Installation = { format: 1, version, binding: join(version, BINDING) };
    await writeFile(join(folder, 'installed.json'), `${JSON.stringify(installation, null, 2)}\n`);
    options.onProgress(`TensorFlow ${version} is installed in ${folder}`);
    return { ...installation, folder };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Removes what installations that were killed have left: up to a gigabyte each. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (
      !name.startsWith(PARTIAL) ||
      Date.now() - (await stat(path)).mtimeMs < ABANDONED_AFTER_HOURS * 3_600_000
    )
      continue;
    await rm(path, { recursive: true, force: true });
  }
}

function checkPlatform(): void {
  const { platform, arch } = process;
  if (platform === 'linux' && arch === 'x64') return;
  throw new InputError(
    'tensorflow.platform',
    `TensorFlow can be installed on Linux on x86-64 only, not on ${platform} ${arch}: ` +
      'the built-in engines need nothing installed',
  );
}

/** Loads the binding into this program and multiplies once. */
function tryBinding(binding: string, require: NodeJS.Require): void {
  const tf = loadBinding(binding, require, 1);
  const product = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0]);
  if (tf.getBackend() !== 'tensorflow' || product !== 11)
    throw new Error(`TensorFlow loads, but computes 1·3 + 2·4 = ${product}`);
}
