import { expect, it } from 'vitest';
import { madeComparison, runsMessage } from '../../../test/webview/made-comparison.fixture.js';
import { model } from './shown-comparison.fixture.js';

it('forty runs of twenty epochs are taken in and laid out at once', () => {
  const runs = madeComparison({
    variants: Array.from({ length: 8 }, (_, index) => `variant-${index}`),
    seeds: 5,
  });
  const shown = model(runs);
  expect(shown.rows).toHaveLength(8);
  expect(JSON.stringify(runsMessage(runs)).length).toBeLessThan(1_000_000);
});
