import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../run/run-folder.fixture.js';
import { executablePath } from './executable.js';

it('a program is taken by its absolute path, or from an absolute folder of PATH', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/node'), '');
  const path = ['/nowhere', join(folder, 'bin')].join(delimiter);
  expect(executablePath('/opt/node/bin/node', '/extension', path)).toBe('/opt/node/bin/node');
  expect(executablePath('node', '/extension', path)).toBe(join(folder, 'bin/node'));
});

it('nothing is looked up in the folder where it would start', async () => {
  const here = relative(process.cwd(), await temporaryFolder());
  await writeFile(join(here, 'node'), '');
  expect(executablePath('node', '/extension', ['.', '', here].join(delimiter))).toBe('/extension/node');
  expect(executablePath(`./${here}/node`, '/extension')).toBe(join('/extension', here, 'node'));
});
