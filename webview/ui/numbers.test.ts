import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatMetric,
  formatPercent,
  formatRate,
  formatShare,
  formatTick,
  formatWeight,
} from './numbers.js';

describe('numbers', () => {
  it('are a dash where there is none', () => {
    for (const format of [formatMetric, formatRate, formatPercent, formatWeight, formatShare]) {
      expect([null, undefined, NaN].map(format)).toEqual(['–', '–', '–']);
    }
  });

  it('of metrics keep four digits', () => {
    expect([0.94213, 0, 12345.6, 0.000012346, -0.5].map(formatMetric)).toEqual([
      '0.9421',
      '0',
      '12,346',
      '0.00001235',
      '−0.5000',
    ]);
  });

  it('of rates have a unit and three digits', () => {
    expect([1_310_000, 84_210, 950, 999_900].map(formatRate)).toEqual(['1.31 M', '84.2 k', '950', '1.00 M']);
  });

  it('of durations read as a clock', () => {
    expect([24, 725, 3723].map(formatDuration)).toEqual(['0:24', '12:05', '1:02:03']);
  });

  it('of similarities have no leading zero', () => {
    expect([0.413, 1, 0].map(formatShare)).toEqual(['.41', '1.00', '.00']);
  });

  it('on an axis have as many decimals as their distance needs', () => {
    expect([formatTick(0.9, 0.02), formatTick(5, 5), formatTick(0.25, 0.25), formatTick(-2, 1)]).toEqual([
      '0.90',
      '5',
      '0.3',
      '−2',
    ]);
  });
});
