import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createRunFolder } from '../../run/create-run.js';
import { temporaryFolder } from '../../run/run-folder.fixture.js';
import { RunWriter } from '../../run/writer.js';
import { keepAlive } from './keep-alive.js';

afterEach(() => vi.useRealTimers());

async function newWriter(): Promise<RunWriter> {
  const { folder } = await createRunFolder(join(await temporaryFolder(), '.mmoe', 'runs'), {
    name: 'a',
    experimentFile: null,
  });
  return RunWriter.open(folder, 60);
}

test('a waiting run that is deleted does not end the others', async () => {
  const [gone, waits] = [await newWriter(), await newWriter()];
  const beats = vi.spyOn(waits, 'beat');
  await rm(gone.paths.folder, { recursive: true });
  vi.useFakeTimers({ toFake: ['performance'], now: Date.now() });
  vi.advanceTimersByTime(100_000);
  expect(() => gone.beat()).toThrow('was deleted');
  vi.advanceTimersByTime(100_000);
  keepAlive([gone, waits]);
  expect(beats).toHaveBeenCalledOnce();
});
