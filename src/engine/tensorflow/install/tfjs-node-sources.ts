import { InputError } from '../../../shared/errors.js';
import { requireTfjsNode } from '../backend/tfjs-node.js';
import { commandWorks, run } from './run.js';

const PACKAGES = ['@tensorflow/tfjs-node', 'node-api-headers'];
const VERSIONS = ['@tensorflow/tfjs-node@4.22.0', 'node-api-headers@1.9.0'];

/**
 * A `require` that finds tfjs-node and Node's headers: this program's own, else installed into `folder` with
 * npm.
 */
export async function tfjsNodeSources(
  folder: string,
  onProgress: (text: string) => void,
): Promise<NodeJS.Require> {
  const present = requireTfjsNode(folder, PACKAGES);
  if (present !== null) return present;
  if (!(await commandWorks('npm', ['--version']))) {
    throw new InputError(
      'tensorflow.npm',
      'npm is needed to fetch tfjs-node and was not found: ' +
        'install Node.js with npm, and see that it is on the PATH',
    );
  }
  onProgress('fetching tfjs-node with npm');
  // Its install script fetches TensorFlow from a place that refuses everybody.
  const flags = [
    '--ignore-scripts',
    '--no-save',
    '--no-package-lock',
    '--omit=dev',
    '--no-audit',
    '--no-fund',
  ];
  await run('npm', ['install', '--prefix', folder, ...flags, ...VERSIONS], {
    cwd: folder,
    env: withoutNpmSettings(),
  });
  const installed = requireTfjsNode(folder, PACKAGES);
  if (installed === null) throw new Error(`npm has not put tfjs-node into ${folder}`);
  return installed;
}

/** `npm run` hands its own project's settings down. */
function withoutNpmSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local)/i.test(name)),
  );
}
