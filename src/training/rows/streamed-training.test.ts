import { describe, expect, it } from 'vitest';
import type { HeldData, PreparedData } from '../../data/prepared.js';
import { streamedFrom } from '../../network/streamed-rows.fixture.js';
import {
  bits,
  FolderInMemory,
  Killed,
  lastArrays,
  runOn,
  smallData,
  type EngineName,
} from '../small-run.fixture.js';

/** The same rows, read in blocks of seven. */
const streamed = (
  window: number,
  data: HeldData = smallData,
  onRead?: (first: number) => void,
): PreparedData => ({
  ...data,
  train: streamedFrom(data.train, 7, onRead),
  validation: data.validation && streamedFrom(data.validation, 7),
  test: data.test && streamedFrom(data.test, 7),
  stream: {
    ...{ file: -1, path: null, bytes: 0, window },
    verification: () => null,
    close: () => undefined,
    known: { labels: [], leaks: [], sharedIds: [], columns: [] },
  },
});

const events = ({ events: all }: FolderInMemory) => all.map(({ time: _, ...event }) => event);
const trained = async (data: PreparedData, optimizer: object = {}, engine: EngineName = 'fused') => {
  const sink = new FolderInMemory();
  const { outcome, members } = await runOn(sink, optimizer, {}, engine, data);
  const weights = bits(members.weights());
  members.dispose();
  return { sink, outcome, weights };
};

describe.each<[string, object, EngineName]>([
  ['one network', {}, 'fused'],
  ['members', { members: 3, lossWeighting: 'uncertainty' }, 'fused'],
  ['tensorflow', {}, 'tensorflow'],
])('rows that are read from a file, for %s', (_, optimizer, engine) => {
  it('train to the same bits and events as in memory, if the window has them all', async () => {
    const held = await trained(smallData, optimizer, engine);
    const read = await trained(streamed(smallData.train.rows), optimizer, engine);
    expect(read.weights).toEqual(held.weights);
    expect(read.outcome.summary).toEqual(held.outcome.summary);
    expect(withoutRates(events(read.sink))).toEqual(withoutRates(events(held.sink)));
  });

  it('train the same each time, and otherwise with another window, seed or epoch', async () => {
    const once = await trained(streamed(32), optimizer, engine);
    expect((await trained(streamed(32), optimizer, engine)).weights).toEqual(once.weights);
    for (const other of [
      await trained(streamed(48), optimizer, engine),
      await trained(streamed(32), { ...optimizer, seed: 2 }, engine),
      await trained(smallData, optimizer, engine),
    ])
      expect(other.weights).not.toEqual(once.weights);
  });

  it.each([1, 4, 13, 16, 23, 37])(
    'end, killed at beat %i and resumed, with the same weights to the bit',
    async (beat) => {
      const wanted = await trained(streamed(32), optimizer, engine);
      const sink = new FolderInMemory();
      sink.killAtBeat = beat;
      await expect(runOn(sink, optimizer, {}, engine, streamed(32))).rejects.toBeInstanceOf(Killed);
      sink.killAtBeat = Infinity;
      const { members, outcome } = await runOn(sink, optimizer, {}, engine, streamed(32));
      expect(bits(members.weights())).toEqual(wanted.weights);
      expect(outcome.summary).toEqual(wanted.outcome.summary);
      expect(lastArrays(sink)).toEqual(lastArrays(wanted.sink));
      members.dispose();
    },
  );
});

const withoutRates = (all: ReturnType<typeof events>) =>
  all.map((event) => (event.type === 'epoch' ? { ...event, rowsPerSecond: null } : event));

it('each epoch reads each row once, its blocks in an order of its own', async () => {
  const epochs: number[][] = [];
  const firsts: number[] = [];
  const data = streamed(32, smallData, (first) => firsts.push(first));
  const sink = new FolderInMemory();
  sink.killAtEvent = (event) => {
    if (event.type === 'epoch') epochs.push(firsts.splice(0));
    return false;
  };
  const { members } = await runOn(sink, {}, {}, 'fused', data);
  members.dispose();
  // Before the first epoch is the sample; while one is told, the first window of the next has been read.
  const all = epochs.slice(1).flat();
  expect(all.length).toBeGreaterThan(3 * 19);
  expect(new Set(all.map((first) => Math.floor(first / 7))).size).toBe(19);
  expect(epochs[2]).not.toEqual(epochs[3]);
});

it('a file that fails while it is read ends the training with its error', async () => {
  const data = streamed(32, smallData, (first) => {
    if (first > 100) throw new Error('the disk is gone');
  });
  await expect(runOn(new FolderInMemory(), {}, {}, 'fused', data)).rejects.toThrow('the disk is gone');
});
