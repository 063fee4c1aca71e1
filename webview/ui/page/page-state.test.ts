import { describe, expect, it } from 'vitest';
import { toggled } from './page-state.js';

describe('what was chosen on the page', () => {
  it('of a card is turned on and off', () => {
    expect([toggled(['a'], 'b', true), toggled(['a', 'b'], 'a', false), toggled(['a'], 'a', true)]).toEqual([
      ['a', 'b'],
      ['b'],
      ['a'],
    ]);
  });
});
