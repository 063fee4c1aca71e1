import { describe, expect, it } from 'vitest';
import { violinOutline } from './violin-data.js';

describe('violins', () => {
  it('are as wide as their densest bin and end where the rows end', () => {
    const outline = violinOutline([0, 0.25, 0.5, 0.25, 0]);
    expect(Math.max(...outline.map(({ width }) => width))).toBe(1);
    expect([outline[0]!.value, outline.at(-1)!.value]).toEqual([0.2, 0.8]);
    expect(violinOutline([0, 0])).toEqual([]);
  });
});
