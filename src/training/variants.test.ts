import { describe, expect, it } from 'vitest';
import { variants } from '../experiment/schema/variants.js';
import { bits, FolderInMemory, Killed, lastArrays, runOn, type EngineName } from './small-run.fixture.js';

const engines: readonly EngineName[] = ['tensorflow', 'fused'];

/** Several layers and levels, so that every kind of level is there. */
const model = {
  levels: 2,
  experts: { count: 3, layers: [6, 5], perTask: 1, shared: 1 },
  paths: { active: 2, population: 3, window: 4 },
};

describe.each(engines)('on the %s engine', (engine) => {
  it.each(variants)(
    '%s learns every task, and a killed training ends with the same weights to the bit',
    async (variant) => {
      const whole = new FolderInMemory();
      const wanted = await runOn(whole, {}, { ...model, variant }, engine);
      const epochs = whole.events.filter((event) => event.type === 'epoch');
      for (const task of ['bought', 'genre', 'minutes'])
        expect(epochs.at(-1)!.train[task]!['loss']).toBeLessThan(epochs[0]!.train[task]!['loss']!);

      const killed = new FolderInMemory();
      killed.killAtBeat = 23;
      await expect(runOn(killed, {}, { ...model, variant }, engine)).rejects.toBeInstanceOf(Killed);
      killed.killAtBeat = Infinity;
      const resumed = await runOn(killed, {}, { ...model, variant }, engine);
      expect(bits(resumed.members.weights())).toEqual(bits(wanted.members.weights()));
      expect(resumed.outcome.summary).toEqual(wanted.outcome.summary);
      expect(lastArrays(killed)).toEqual(lastArrays(whole));
      wanted.members.dispose();
      resumed.members.dispose();
    },
  );
});
