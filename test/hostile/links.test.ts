import { execFileSync } from 'node:child_process';
import { rename, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, preparedRun, type PreparedRun } from './prepared.js';

/** The files of a run folder, and the commands that open each and must refuse it; others replace it. */
const opened: [file: string, refusing: string[]][] = [
  ['run.json', ['resume', 'predict', 'stop', 'show']],
  ['run.json.lock', ['resume']],
  ['events.jsonl', ['resume', 'show']],
  ['log.txt', ['resume']],
  ['stop', ['stop']],
  ['heartbeat', []],
  ['encoder.json', ['predict']],
  ['checkpoints/last.safetensors', ['resume']],
  ['checkpoints/best.safetensors', ['resume', 'predict']],
];

const commands: Record<string, (run: PreparedRun) => string[]> = {
  resume: ({ id }) => ['resume', id],
  predict: ({ id }) => ['predict', id, 'table.csv', '--out', 'out.csv'],
  stop: ({ id }) => ['stop', id],
  show: ({ id }) => ['show', id],
  runs: () => ['runs', '--json'],
};

/** A run that waits for its trainer can be stopped; one that was stopped can be resumed. */
const stateFor = (command: string): object =>
  command === 'stop'
    ? {
        status: 'queued',
        times: {
          created: new Date().toISOString(),
          started: null,
          ended: null,
          seconds: 0,
          rowsPerSecond: null,
        },
      }
    : { status: 'stopped' };

const cases = opened.flatMap(([file, refusing]) =>
  Object.keys(commands).map((command) => ({ file, command, refuses: refusing.includes(command) })),
);

it.each(cases)('$command with $file leads to nothing outside by a link', async (one) => {
  const { file, command, refuses } = one;
  const run = await preparedRun(stateFor(command));
  const own = join(run.folder, file);
  const target = join(run.outside, basename(file));
  // The very file that was there: with it the command would do its work.
  await rename(own, target).catch(() => undefined);
  await symlink(target, own);
  const before = await contents(run.outside);
  const { code, stderr } = await run.workspace.mmoe(...commands[command]!(run));
  expect(await contents(run.outside)).toEqual(before);
  if (!refuses) return;
  expect(stderr).toContain(`${basename(file)} is a link`);
  expect(code).toBe(2);
});

const refused = cases.filter(({ refuses }) => refuses);

it.each(refused)('$command with $file does not wait for a pipe', async ({ file, command }) => {
  const run = await preparedRun(stateFor(command));
  await rm(join(run.folder, file), { force: true });
  execFileSync('mkfifo', [join(run.folder, file)]);
  const { code, stderr } = await run.workspace.mmoe(...commands[command]!(run));
  expect(stderr).toContain(`${basename(file)} should be a file`);
  expect(code).toBe(2);
});

const folders = ['.mmoe', '.mmoe/runs', '.mmoe/runs/ID', '.mmoe/runs/ID/checkpoints'];

describe.each(folders)('with %s', (named) => {
  const refusing = named.endsWith('checkpoints')
    ? ['resume', 'predict']
    : ['resume', 'predict', 'stop', 'show'];
  it.each(refusing)('%s goes through no link', async (command) => {
    const run = await preparedRun(stateFor(command));
    const own = run.workspace.path(named.replace('ID', run.id));
    const target = join(run.outside, 'moved');
    await rename(own, target);
    await symlink(target, own);
    const before = await contents(run.outside);
    const { code, stderr } = await run.workspace.mmoe(...commands[command]!(run));
    expect(await contents(run.outside)).toEqual(before);
    expect(stderr).toContain(`the folder ${basename(own)} is a link`);
    expect(code).toBe(2);
  });
});

describe.each(folders.slice(0, 2))('with %s', (named) => {
  it.each(['train', 'compare'])('%s makes nothing behind a link', async (command) => {
    const run = await preparedRun();
    await rm(run.workspace.path('.mmoe'), { recursive: true });
    if (named === '.mmoe/runs') await run.workspace.write({ '.mmoe/.gitignore': '*\n' });
    await symlink(run.outside, run.workspace.path(named));
    const more = command === 'compare' ? ['--variants', 'mmoe,single-task'] : [];
    const { code, stderr } = await run.workspace.mmoe(command, 'small.mmoe.json', ...more);
    expect(await contents(run.outside)).toEqual({});
    expect(stderr).toContain(`the folder ${basename(named)} is a link`);
    expect(code).toBe(2);
  });
});
