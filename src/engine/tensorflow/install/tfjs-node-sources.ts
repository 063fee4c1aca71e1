import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, WorkError } from '../../../shared/errors.js';
import { requireTfjsNode } from '../backend/tfjs-node.js';
import { commandWorks, run } from './run.js';

const PACKAGES = ['@tensorflow/tfjs-node', 'node-api-headers'];

export interface TfjsNodeSources {
  /** Finds tfjs-node and Node's headers. */
  readonly require: NodeJS.Require;
  /** They were fetched into this folder; null: they were there. */
  readonly fetched: string | null;
}

/**
 * Finds tfjs-node and Node's headers: this program's own, or those of an earlier installation in `folder`; else
 * fetches them into `work`.
 */
export async function tfjsNodeSources(
  folder: string,
  work: string,
  onProgress: (text: string) => void,
): Promise<TfjsNodeSources> {
  const present = requireTfjsNode(folder, PACKAGES);
  if (present !== null) return { require: present, fetched: null };
  onProgress('fetching tfjs-node with npm');
  // Beside the built program; it is made from the project's own lock file.
  await fetchLocked(fileURLToPath(new URL('./tensorflow/', import.meta.url)), work);
  const require = requireTfjsNode(work, PACKAGES);
  if (require === null) throw new WorkError('tensorflow.npm', `npm has not put tfjs-node into ${work}`);
  return { require, fetched: work };
}

/**
 * Lets npm fetch what a package.json and a package-lock.json in `lock` name. Throws a WorkError where a file is
 * not the one whose hash is in the lock file.
 */
export async function fetchLocked(lock: string, folder: string): Promise<void> {
  if (!(await commandWorks('npm', ['--version']))) {
    throw new InputError(
      'tensorflow.npm',
      'npm is needed to fetch tfjs-node and was not found: ' +
        'install Node.js with npm, and see that it is on the PATH',
    );
  }
  for (const file of ['package.json', 'package-lock.json']) await cp(join(lock, file), join(folder, file));
  // tfjs-node's install script fetches TensorFlow from a place that refuses everybody.
  const flags = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
  try {
    await run('npm', ['ci', '--prefix', folder, ...flags], { cwd: folder, env: withoutNpmSettings() });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (!said.includes('EINTEGRITY')) throw error;
    const what = /integrity checksum failed.*/i.exec(said)?.[0] ?? 'EINTEGRITY';
    throw new WorkError(
      'tensorflow.hash',
      `npm was given another file than the one that was published, and nothing is installed: ${what}`,
    );
  }
}

/** `npm run` hands its own project's settings down. */
function withoutNpmSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local)/i.test(name)),
  );
}
