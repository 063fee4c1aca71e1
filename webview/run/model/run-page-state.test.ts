import { describe, expect, it } from 'vitest';
import { restoreRunPageState } from './run-page-state.js';

describe('what was chosen on the page', () => {
  it('is restored, each choice alone where another is broken', () => {
    const saved = { metric: 'loss', axis: 'step', smoothing: 7, log: true, folded: ['gates'], tabled: 'x' };
    expect(restoreRunPageState(saved)).toEqual({
      metric: 'loss',
      axis: 'step',
      smoothing: 0,
      log: true,
      level: null,
      group: '',
      folded: ['gates'],
      tabled: [],
    });
  });

  it('has defaults when nothing was kept', () => {
    for (const saved of [undefined, null, 'x', 3])
      expect(restoreRunPageState(saved)).toMatchObject({ metric: null, axis: 'epoch', smoothing: 0 });
  });
});
