import { describe, expect, it } from 'vitest';
import { level, network } from '../made-history.fixture.js';
import type { Level } from './expert-columns.js';
import { firstLevel, levelNames, routeKind } from './route-kind.js';

describe('levels', () => {
  const bottom = level({
    experts: 1,
    routes: 'fixed',
    streams: [{ name: 'bottom', task: null }],
    expertNames: ['bottom'],
  });
  const factor = (name: string, more: Partial<Level>) =>
    level({ expertNames: [name, name], sameWeights: [0, 0], routes: 'fixed', ...more });

  it('of their kind are counted apart from a bottom', () => {
    const ple = network('ple', bottom, level({}), level({}));
    expect(levelNames(ple)).toEqual([
      { name: 'bottom', number: 1, of: 0 },
      { name: null, number: 1, of: 2 },
      { name: null, number: 2, of: 2 },
    ]);
    expect(firstLevel(ple)).toBe(2);
  });

  it('of a factorised layer are called by what they hold', () => {
    const core = level({ routes: 'constants', expertNames: ['factor 1', 'factor 2'] });
    const tucker = network('tensor-factorization', factor('U1', {}), core, factor('U2', {}));
    expect(levelNames(tucker).map(({ name }) => name)).toEqual(['U1', 'factor', 'U2']);
    expect([firstLevel(tucker), routeKind(tucker, core), routeKind(network('cross-stitch'), core)]).toEqual([
      1,
      'factor',
      'stitch',
    ]);
    expect(firstLevel(network('single-task', level({ routes: 'fixed' })))).toBe(0);
  });
});
