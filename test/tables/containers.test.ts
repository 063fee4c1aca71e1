import { test, vi } from 'vitest';
import { holdsFor } from './property.js';

// To collect all garbage takes longer than to read a short table.
vi.mock('../../src/memory/collector.js', () => ({
  collectAll: () => undefined,
  collectYoung: () => undefined,
}));

/** `npm run property` says for how many minutes, and from which seed. */
const { MMOE_PROPERTY_SEED: seed = '1', MMOE_PROPERTY_MINUTES: minutes = '0' } = process.env;

test('a table comes to the same in every container, and to what its values say', async () => {
  await holdsFor({ seed: Number(seed), minutes: Number(minutes), tables: 220 });
});
