import { afterEach, describe, expect, it } from 'vitest';
import { type Members } from '../engine/members.js';
import { isKept } from '../shared/run/kept-epoch.js';
import { type RunEvent } from '../shared/run/run-events.js';
import { bits, FolderInMemory, onehotData, runOn, smallData, weightsOf } from './small-run.fixture.js';

/** Tasks that share no weights keep each the weights of its own best epoch, as if it were trained alone. */

const settings = { epochs: 12, learningRate: 0.3 };
const model = { variant: 'single-task' };
const names = ['bought', 'genre', 'minutes'] as const;

const held: Members[] = [];
afterEach(() => {
  for (const members of held.splice(0)) members.dispose();
});

async function trained(optimizer: object, data = onehotData) {
  const sink = new FolderInMemory();
  const { outcome, members } = await runOn(sink, { ...settings, ...optimizer }, model, 'fused', data);
  held.push(members);
  const epochs = sink.events.filter(
    (event): event is Extract<RunEvent, { type: 'epoch' }> => event.type === 'epoch',
  );
  return { sink, epochs, weights: members.weights(), summary: outcome.summary };
}

describe('a single-task network', () => {
  it('keeps for each task the weights of the epoch that was its best', async () => {
    const { epochs, summary, sink, weights } = await trained({});
    const { keptEpochs, bestEpoch, bestEpochs, validation } = summary;
    expect(new Set(Object.values(keptEpochs!)).size, 'tasks with different best epochs').toBeGreaterThan(1);
    expect(keptEpochs).toEqual(bestEpochs);
    expect(bestEpoch).toBe(Math.max(...Object.values(keptEpochs!)));
    for (const task of names) {
      const own = epochs.find(({ epoch }) => epoch === keptEpochs![task])!;
      expect(validation[task]).toEqual(own.validation![task]);
      expect(epochs.findLast((event) => isKept(event, task))).toBe(own);
    }

    // The same training, ended at a task's best epoch, has that task's weights.
    const kept = bits(weightsOf(sink, 'best.safetensors'));
    expect(kept).toEqual(bits(weights));
    for (const [index, task] of names.entries()) {
      const short = await trained({ epochs: keptEpochs![task]! });
      const then = bits(weightsOf(short.sink, 'last.safetensors'));
      for (const name of [
        `levels.0.experts.${index}.layers.0.weight`,
        `towers.${task}.output.weight`,
        `towers.${task}.output.bias`,
      ])
        expect(kept.get(name), name).toEqual(then.get(name));
    }
  });

  it('tests these weights', async () => {
    const whole = await trained({});
    for (const task of names) {
      const short = await trained({ epochs: whole.summary.keptEpochs![task]! });
      expect(whole.summary.test![task]).toEqual(short.summary.test![task]);
    }
  });

  it('has one best epoch where an embedding is shared', async () => {
    const { summary, epochs } = await trained({}, smallData);
    expect(summary.keptEpochs).toBeUndefined();
    expect(epochs.every(({ bestTasks }) => bestTasks === undefined)).toBe(true);
  });
});
