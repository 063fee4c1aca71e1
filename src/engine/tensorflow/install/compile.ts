import { dirname, join } from 'node:path';
import { InputError } from '../../../shared/errors.js';
import { commandWorks, run } from './run.js';
import { LIBRARIES } from './wheel.js';

/** A C++ compiler of this machine: `CXX`, g++, c++ or clang++. */
export async function findCompiler(): Promise<string> {
  for (const compiler of [process.env['CXX'], 'g++', 'c++', 'clang++']) {
    if (compiler !== undefined && compiler !== '' && (await commandWorks(compiler, ['--version'])))
      return compiler;
  }
  throw new InputError(
    'tensorflow.compiler',
    'a C++ compiler is needed and none was found: install g++ ' +
      '(Debian and Ubuntu: apt install g++; Fedora: dnf install gcc-c++), or name yours in CXX',
  );
}

/**
 * Compiles tfjs-node's binding against what `unpackWheel` put into `folder`; the libraries are looked for
 * beside it.
 */
export async function compileBinding(
  compiler: string,
  folder: string,
  require: NodeJS.Require,
): Promise<void> {
  const sources = join(dirname(require.resolve('@tensorflow/tfjs-node/package.json')), 'binding');
  const nodeHeaders = join(dirname(require.resolve('node-api-headers/package.json')), 'include');
  await run(compiler, [
    ...['-shared', '-fPIC', '-O2', '-s', '-std=c++17', '-DNAPI_VERSION=8'],
    ...['-I', nodeHeaders, '-I', join(folder, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources, file)),
    ...['-L', folder, ...LIBRARIES.map((library) => `-l:${library}`), '-Wl,-rpath,$ORIGIN'],
    ...['-o', join(folder, 'tfjs_binding.node')],
  ]);
}
