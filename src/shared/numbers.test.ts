import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dash,
  formatBytes,
  formatCount,
  formatDifference,
  formatEstimate,
  formatDuration,
  formatMetric,
  formatPercent,
  formatProgress,
  formatRate,
  formatShare,
  formatTick,
  formatWeight,
} from './numbers.js';

describe('numbers for people', () => {
  it('are a dash where there is none', () => {
    for (const format of [
      formatMetric,
      formatDifference,
      formatCount,
      formatRate,
      formatPercent,
      formatWeight,
      formatShare,
    ]) {
      expect([null, undefined, NaN, Infinity, -Infinity].map(format)).toEqual(Array(5).fill(dash));
    }
  });

  it('of metrics keep four decimals where metrics usually lie, and four digits elsewhere', () => {
    expect([0.94213, -0.5, 9.99994, 9.99996, 12.3, 123.456, 999.94].map(formatMetric)).toEqual([
      '0.9421',
      '−0.5000',
      '9.9999',
      '10.00',
      '12.30',
      '123.5',
      '999.9',
    ]);
  });

  it('of metrics are whole numbers from a thousand on, and short where tiny or huge', () => {
    expect([999.96, 12_345.6, -123_456, 1e9, 1e-7, 1.234e-10, 0.00001234].map(formatMetric)).toEqual([
      '1,000',
      '12,346',
      '−123,456',
      '1e+9',
      '1e-7',
      '1.234e-10',
      '0.00001234',
    ]);
  });

  it('of metrics are 0 only for an exact zero', () => {
    expect([0, -0, 0.00004, 0.0005].map(formatMetric)).toEqual(['0', '0', '0.00004', '0.0005']);
  });

  it('never take more than fourteen characters for a metric', () => {
    fc.assert(fc.property(fc.double(), (value) => formatMetric(value).length <= 14));
  });

  it('of metrics read back as what they were, to four digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e300, max: 1e300, noNaN: true }), (value) => {
        const read = Number(formatMetric(value).replace('−', '-').replaceAll(',', ''));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(
          Math.max(Math.abs(value) * 5.1e-4, Math.abs(value) < 10 && Math.abs(value) >= 0.001 ? 5.1e-5 : 0),
        );
      }),
    );
  });

  it('of differences say their sign', () => {
    expect([0.0123, -0.0123, 0].map(formatDifference)).toEqual(['+0.0123', '−0.0123', '0']);
  });

  it('of differences have the decimals that their interval tells apart', () => {
    const text = (mean: number, interval: [number, number]): string =>
      Object.values(formatEstimate(mean, interval)).join(' ');
    expect(text(0.00002595, [-0.0039, 0.003951])).toBe('0.0000 [−0.0039, +0.0040]');
    expect(text(-0.0006835, [-0.00179, 0.0004195])).toBe('−0.0007 [−0.0018, +0.0004]');
    expect(text(12.3, [-24.61, 49.2])).toBe('+12 [−25, +49]');
    expect(text(-1234.4, [-2000, -469])).toBe('−1234 [−2000, −469]');
    expect(text(0.5, [0.5, 0.5])).toBe('+0.5000 [+0.5000, +0.5000]');
    expect(text(1e-12, [-1e-12, 3e-12])).toBe('+1e-12 [−1e-12, +3e-12]');
  });

  it('of rates have a unit and three digits', () => {
    expect([0, 950, 84_210, 999_900, 1_310_000, 2e9].map(formatRate)).toEqual([
      '0',
      '950',
      '84.2 k',
      '1.00 M',
      '1.31 M',
      '2.00 G',
    ]);
  });

  it('of bytes have a unit', () => {
    expect([500, 1_500, 23_400_000_000].map(formatBytes)).toEqual(['500 bytes', '1.5 KB', '23 GB']);
  });

  it('of durations read as a clock', () => {
    expect([-1, 0, 24.4, 60, 725, 3723].map(formatDuration)).toEqual([
      '0:00',
      '0:00',
      '0:24',
      '1:00',
      '12:05',
      '1:02:03',
    ]);
  });

  it('never say 100 % before everything is done', () => {
    expect([0.9999, 1].map(formatProgress)).toEqual(['99 %', '100 %']);
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
