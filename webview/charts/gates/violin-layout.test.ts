import { describe, expect, it } from 'vitest';
import { weightLimit } from './violin-data.js';
import { layoutViolins, weightTicks } from './violin-layout.js';

describe('violins', () => {
  it('have an axis that holds what is drawn, with few round gridlines', () => {
    const stream = { name: 'a', task: 0, mean: [0.4], sd: [0.05], distribution: null, load: null };
    expect(weightLimit([stream])).toBe(0.5);
    expect(weightTicks(0, 0.5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(weightTicks(0, 1)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(weightTicks(-0.5, 0.5)).toEqual([-0.5, -0.25, 0, 0.25, 0.5]);
  });

  it('wrap into rows where they would be too narrow', () => {
    expect(layoutViolins(8, 2, 540).rows).toBe(1);
    const many = layoutViolins(64, 16, 540);
    expect(many.rows).toBe(4);
    expect(many.rows * many.perRow).toBeGreaterThanOrEqual(64);
  });
});

describe('gates that leave experts out', () => {
  it('have room for their bars below the plot', () => {
    const [plain, loaded] = [false, true].map((has) =>
      layoutViolins(8, 2, 540, { grouped: true, loaded: has }),
    );
    expect(loaded!.rowHeight).toBeGreaterThan(plain!.rowHeight);
    expect([plain!.loads, loaded!.loads! > 0]).toEqual([null, true]);
  });
});
