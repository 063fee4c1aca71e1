import { appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { preparedRun } from './prepared.js';

/** What is far larger than the trainer writes is not read: it is said by name, or passed over. */

test('a line of the log that is too long is passed over, and the run goes on', async () => {
  const { workspace, id, folder } = await preparedRun();
  await appendFile(join(folder, 'events.jsonl'), `{"seq":99,"type":"step","x":"${'x'.repeat(20e6)}"}\n`);
  for (const args of [
    ['runs'],
    ['show', id],
    ['predict', id, 'table.csv', '--out', 'out.csv'],
    ['resume', id],
  ]) {
    const { code, stderr } = await workspace.mmoe(...args);
    expect({ code, errors: /^error/m.test(stderr) }, stderr).toEqual({ code: 0, errors: false });
  }
  expect((await workspace.read(id)).manifest.status).toBe('finished');
});

test.each([
  ['run.json', 20e6, ['show', 'resume', 'predict', 'stop']],
  ['checkpoints/last.safetensors', 5e9, ['resume']],
  ['checkpoints/best.safetensors', 5e9, ['resume', 'predict']],
  ['encoder.json', 1e9, ['predict']],
])('%s of %d bytes is refused by its name', async (file, bytes, commands) => {
  for (const command of commands) {
    const { workspace, id, folder } = await preparedRun();
    await truncate(join(folder, file), bytes);
    const more = command === 'predict' ? ['table.csv', '--out', 'out.csv'] : [];
    const { code, stderr } = await workspace.mmoe(command, id, ...more);
    expect(stderr, command).toMatch(
      /^error: [a-z.]+ has [\d.]+ [MG]B, and at most [\d.]+ [MG]B are read; .*\n$/,
    );
    expect(code, command).toBe(2);
  }
});
