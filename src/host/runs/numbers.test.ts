import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dash, formatDuration, formatMetric, formatPercent } from './numbers.js';

describe('numbers for people', () => {
  it('shows what is not known as a dash', () => {
    for (const value of [null, undefined, Number.NaN, Infinity, -Infinity])
      expect(formatMetric(value)).toBe(dash);
  });

  it('keeps four decimals where metrics usually lie, and few digits elsewhere', () => {
    expect(formatMetric(0.94213)).toBe('0.9421');
    expect(formatMetric(-0.25)).toBe('-0.2500');
    expect(formatMetric(0)).toBe('0');
    expect(formatMetric(123.456)).toBe('123.5');
    expect(formatMetric(123456)).toBe('123,456');
    expect(formatMetric(0.00001234)).toBe('0.00001234');
  });

  it('writes minutes and, from an hour on, hours', () => {
    expect([0, 24.4, 60, 725, 3723].map(formatDuration)).toEqual([
      '0:00',
      '0:24',
      '1:00',
      '12:05',
      '1:02:03',
    ]);
  });

  it('never says 100 % before everything is done', () => {
    expect(formatPercent(0.9999)).toBe('99 %');
    expect(formatPercent(1)).toBe('100 %');
  });

  it('never writes more than fourteen characters for a metric', () => {
    fc.assert(fc.property(fc.double(), (value) => formatMetric(value).length <= 14));
  });
});
