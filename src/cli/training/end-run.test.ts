import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { DivergedError } from '../../engine/engine.js';
import { experimentSchema } from '../../experiment/schema.js';
import { createRunFolder } from '../../run/create-run.js';
import { RunReader } from '../../run/reader.js';
import { stepEvent, temporaryFolder } from '../../run/run-folder.fixture.js';
import { RunWriter } from '../../run/writer.js';
import { DivergedTraining } from '../../training/diverged.js';
import { endRun, failRun } from './end-run.js';

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

test('a run that has diverged says so in a word for programs, and where it was then', async () => {
  const writer = await newWriter();
  writer.update({ times: { ...writer.manifest.times, started: '2026-11-24T08:30:12.000Z' } });
  const { training } = v.parse(experimentSchema, {
    data: { source: 'x' },
    tasks: [{ label: 'y' }],
    training: { learningRate: 0.5 },
  });
  failRun(writer, new DivergedTraining(new DivergedError('income', 7), training, { time: 1.5, step: 6 }));
  const reading = await new RunReader(writer.paths.folder).read();
  if (reading.state !== 'ok') throw new Error(reading.state);
  expect(reading.manifest.error).toEqual({
    code: 'training.diverged',
    message: expect.stringMatching(/loss of task "income" .* at step 7: .*0.05 instead of 0.5/) as unknown,
  });
  expect(reading.events.at(-1)).toMatchObject({
    type: 'end',
    status: 'failed',
    step: 6,
    time: 1.5,
    reason: reading.manifest.error?.message,
  });
});

test('the log of a run that has trained ends with why it ended', async () => {
  const writer = await newWriter();
  const summary = { bestEpoch: 2, bestEpochs: { income: 2 }, validation: {}, test: null };
  const reached = { time: 3.25, step: 40 };
  const outcome = { status: 'finished', reason: 'all 2 epochs done', epochs: 2, seconds: 3.3 } as const;
  expect(endRun(writer, { ...outcome, reached, summary })).toMatchObject({
    status: 'finished',
    summary,
    times: { seconds: 3.3 },
  });
  const reading = await new RunReader(writer.paths.folder).read();
  if (reading.state !== 'ok') throw new Error(reading.state);
  expect(reading.events).toEqual([
    { seq: 1, type: 'end', ...reached, status: 'finished', reason: 'all 2 epochs done' },
  ]);
});
