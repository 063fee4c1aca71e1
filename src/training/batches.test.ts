import { describe, expect, it } from 'vitest';
import type { NetworkDescription } from '../network/description.js';
import { batchesOf } from './batches.js';
import { bits, FolderInMemory, runOn, type EngineName } from './small-run.fixture.js';

const networkWith = (normalization: 'layer' | 'batch' | undefined, layers = [4]): NetworkDescription => ({
  variant: 'mmoe',
  input: { numeric: 1, fields: [] },
  levels: [],
  tasks: [
    {
      name: 'y',
      kind: 'binary',
      outputs: 1,
      stream: 0,
      tower: { layers, activation: 'relu', ...(normalization && { normalization }) },
      lossWeight: 1,
    },
  ],
});
const sizes = (rows: number, batchSize: number, network: NetworkDescription): number[] => {
  const { count, end } = batchesOf(rows, batchSize, network);
  const found: number[] = [];
  for (let position = 0; position < rows; position = end(position)) found.push(end(position) - position);
  expect(found).toHaveLength(count);
  return found;
};

it('a last batch of few rows is part of the one before it, where batches are normalized', () => {
  const batch = networkWith('batch');
  expect(sizes(257, 256, batch)).toEqual([257]);
  expect(sizes(271, 256, batch)).toEqual([271]);
  expect(sizes(272, 256, batch)).toEqual([256, 16]);
  expect(sizes(512, 256, batch)).toEqual([256, 256]);
  expect(sizes(71, 32, batch)).toEqual([32, 39]);
  expect(sizes(72, 32, batch)).toEqual([32, 32, 8]);
  expect(sizes(9, 2, batch)).toEqual([2, 2, 2, 3]);
  expect(sizes(1, 256, batch)).toEqual([1]);
  expect(sizes(0, 256, batch)).toEqual([]);
});

it('where no batch is normalized the last one has what is left', () => {
  for (const network of [networkWith(undefined), networkWith('layer'), networkWith('batch', [])])
    expect(sizes(257, 256, network)).toEqual([256, 1]);
});

describe.each<EngineName>(['tensorflow', 'fused'])('on the %s engine', (engine) => {
  // The table has 130 training rows.
  const weights = async (batchSize: number, normalization: string) => {
    const folder = new FolderInMemory();
    const run = await runOn(folder, { batchSize }, { towers: { layers: [4], normalization } }, engine);
    run.members.dispose();
    return { start: folder.events[0], bits: bits(run.members.weights()) };
  };

  it('a single row left over trains to what a batch of all rows does', async () => {
    const whole = await weights(130, 'batch');
    expect(await weights(129, 'batch')).toEqual(whole);
    expect(whole.start).toMatchObject({ type: 'start', stepsPerEpoch: 1 });
  });

  it('without batch normalization it is a step of its own, as ever', async () => {
    const whole = await weights(130, 'none');
    const left = await weights(129, 'none');
    expect(left.start).toMatchObject({ type: 'start', stepsPerEpoch: 2 });
    expect(left.bits).not.toEqual(whole.bits);
  });
});
