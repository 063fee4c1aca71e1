import { expect, it } from 'vitest';
import { bits, FolderInMemory, runOn, smallData } from './small-run.fixture.js';

it('a training of which only metrics are taken has the weights and metrics of any other', async () => {
  const [whole, light] = [new FolderInMemory(), new FolderInMemory()];
  const one = await runOn(whole, {}, {}, 'fused');
  const other = await runOn(light, {}, {}, 'fused', smallData, 11, true);
  const epochs = (sink: FolderInMemory) => sink.events.filter(({ type }) => type === 'epoch');
  const plain = (event: object) => ({ ...event, seq: 0, time: 0, rowsPerSecond: null });
  expect(epochs(light).map(plain)).toEqual(epochs(whole).map(plain));
  expect(other.outcome.summary).toEqual(one.outcome.summary);
  expect(light.files.size).toBe(0);
  expect(light.events.some(({ type }) => type === 'routes' || type === 'experts')).toBe(false);
  const weights = (of: typeof one) => bits(of.members.weights());
  expect(weights(other)).toEqual(weights(one));
});
