import { describe, expect, it } from 'vitest';
import { decimalsOf } from './result-columns.js';

describe('the results', () => {
  it('show as many decimals as the smallest error needs', () => {
    expect(decimalsOf([0.94, 0.95], [0.001, null])).toBe(4);
    expect(decimalsOf([0.99], [0.00003, 0.0001])).toBe(5);
    expect(decimalsOf([812.5], [3])).toBe(2);
    expect(decimalsOf([], [])).toBe(4);
  });
});
