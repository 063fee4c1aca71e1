import { createHash } from 'node:crypto';
import type { PinnedWheel } from './wheel.js';
import { madeZip } from './zip.fixture.js';

const members = {
  'tensorflow/__init__.py': '',
  'tensorflow/libtensorflow_cc.so.2': 'the library, long enough to be deflated',
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/THIRD_PARTY_NOTICES.txt': 'notices',
  'tensorflow/include/tensorflow/c/c_api.h': '// the C API',
  'tensorflow/include/tensorflow/core/public/session.h': '// C++',
  'tensorflow/include/tsl/platform/ctstring_internal.h': '// strings',
};

const recordOf = (files: Readonly<Record<string, string>>): string =>
  Object.entries(files)
    .map(
      ([name, content]) =>
        `${name},sha256=${createHash('sha256').update(content).digest('base64url')},${content.length}`,
    )
    .join('\n');

/** Returns the hashes that a wheel would be known by. */
export function pinsOf(wheel: Buffer): PinnedWheel {
  const hash = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
  return { sha256: hash(wheel), record: hash(recordOf(members)) };
}

/** A wheel for tests that has the members of TensorFlow's that matter, and some that do not. */
export function madeWheel(changed: Readonly<Record<string, string>> = {}): Buffer {
  return madeZip({ ...members, 'tensorflow_cpu-2.17.0.dist-info/RECORD': recordOf(members), ...changed });
}
