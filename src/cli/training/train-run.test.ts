import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DivergedError } from '../../engine/engine.js';
import { createRunFolder } from '../../run/create-run.js';
import { RunReader } from '../../run/reader.js';
import { stepEvent, temporaryFolder } from '../../run/run-folder.fixture.js';
import { RunWriter } from '../../run/writer.js';
import { failRun } from './train-run.js';

async function newWriter(): Promise<RunWriter> {
  const { folder } = await createRunFolder(join(await temporaryFolder(), '.mmoe', 'runs'), {
    name: 'a',
    experimentFile: null,
  });
  return RunWriter.open(folder, 60);
}

test('a failed run’s log ends at the step that it had reached', async () => {
  const writer = await newWriter();
  writer.update({
    status: 'running',
    times: { ...writer.manifest.times, started: '2026-11-24T08:30:12.000Z' },
  });
  const { seq: _, ...event } = stepEvent(7);
  writer.event(event);
  expect(failRun(writer, new Error('no memory')).message).toContain('no memory');
  const reading = await new RunReader(writer.paths.folder).read();
  if (reading.state !== 'ok') throw new Error(reading.state);
  expect(reading.status).toBe('failed');
  expect(reading.events.at(-1)).toMatchObject({
    type: 'end',
    status: 'failed',
    step: 7,
    reason: 'no memory',
  });
});

test('a run that has diverged says so in a word for programs', async () => {
  const writer = await newWriter();
  failRun(writer, new DivergedError('income', 7), 'the loss of income is no longer a number');
  const reading = await new RunReader(writer.paths.folder).read();
  if (reading.state !== 'ok') throw new Error(reading.state);
  expect(reading.manifest.error).toEqual({
    code: 'training.diverged',
    message: 'the loss of income is no longer a number',
  });
});
