import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../run/run-folder.fixture.js';
import { ask, errorsIn, launch, LaunchError, programEnvironment } from './program.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

function script(text: string): string {
  const path = join(folder, 'program.mjs');
  writeFileSync(path, text);
  return path;
}

describe('the trainer program', () => {
  it('writes what it prints to its log, and tells its exit code', async () => {
    const program = {
      node: process.execPath,
      script: script(
        `console.log('out', process.argv[2]); console.error('error: bad'); process.exitCode = 2;`,
      ),
    };
    const log = join(folder, 'log.txt');
    writeFileSync(log, 'before\n');
    const { ended, pid } = await launch(program, ['train'], { folder, log });
    expect(pid).toBeGreaterThan(0);
    expect(await ended).toEqual({ code: 2, signal: null });
    expect(readFileSync(log, 'utf8').split('\n').sort()).toEqual(['', 'before', 'error: bad', 'out train']);
  });

  it('is detached: it has a session of its own', async () => {
    const own = script(
      `import { execFileSync } from 'node:child_process';
      const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(process.pid)]).toString().trim();
      console.log(group === String(process.pid));`,
    );
    const log = join(folder, 'log.txt');
    const { ended } = await launch({ node: process.execPath, script: own }, [], { folder, log });
    await ended;
    if (process.platform === 'linux') expect(readFileSync(log, 'utf8').trim()).toBe('true');
  });

  it('says which program could not be started', async () => {
    const program = { node: join(folder, 'no-node'), script: 'x' };
    await expect(launch(program, [], { folder, log: join(folder, 'log.txt') })).rejects.toThrow(LaunchError);
    await expect(launch(program, [], { folder, log: join(folder, 'log.txt') })).rejects.toThrow(
      /no-node.*ENOENT/,
    );
    await expect(ask(program, [], folder)).rejects.toThrow(LaunchError);
  });

  it('is told nothing of the editor’s own processes', () => {
    const environment = programEnvironment({
      PATH: '/bin',
      VSCODE_IPC_HOOK: 'x',
      ELECTRON_NO_ATTACH_CONSOLE: '1',
      NODE_OPTIONS: '--inspect',
    });
    expect(environment).toEqual({ PATH: '/bin', ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' });
  });

  it('answers a question with what it printed', async () => {
    const program = { node: process.execPath, script: script(`console.log('{}'); process.exitCode = 1;`) };
    expect(await ask(program, [], folder)).toEqual({ code: 1, signal: null, stdout: '{}\n', stderr: '' });
  });

  it('names its errors line by line', () => {
    expect(errorsIn('reading\nerror: no such file (a.csv)\r\n  at x\nerror: two')).toBe(
      'no such file (a.csv)\ntwo',
    );
    expect(errorsIn('fine')).toBe('');
  });
});

it.skipIf(process.platform !== 'linux')(
  'a question that takes too much memory is ended, and says so',
  async () => {
    const held = script(`const held = Buffer.alloc(3e8, 1); setInterval(() => held, 1000);`);
    const program = { node: process.execPath, script: held };
    await expect(ask(program, [], folder, { memory: 2e8 })).rejects.toThrow('more than 200 MB of memory');
  },
);
