import { describe, expect, it } from 'vitest';
import type { StudyLine } from '../line.js';
import type { StudyRecord } from '../record.js';
import type { Combination } from '../summary.js';
import { censusMethods } from './census-results.js';
import { correlationPath } from './label-correlation.js';
import { claimsTable } from './paper-table.js';
import { paperReport } from './report.js';

const record = (figure: string, vary: StudyRecord['vary'] = {}) => ({
  origin: { is: 'paper', figure, options: [] } as StudyRecord['origin'],
  vary,
});
const line = (seed: number, more: Partial<StudyLine> = {}): StudyLine => ({
  ...{ key: String(seed), settings: {}, seed, isTrial: false, kinds: {}, status: 'finished' },
  ...{ validation: null, test: null, bestEpoch: null, epochs: 0, parameters: 0, seconds: 0 },
  curves: { epochs: [], train: {}, validation: {} },
  engine: { name: '', target: '', threads: 1 },
  ...{ fingerprint: '', version: '' },
  ...more,
});

describe('what a study of the paper has come to', () => {
  it('is nothing of a study of a person’s own, or of a figure that is not known', () => {
    expect(paperReport({ origin: { is: 'file', path: 'x' }, vary: {} }, [])).toBeNull();
    expect(paperReport(record('fig99'), [])).toBeNull();
  });

  it('is figure 2 with mean ± 2 SD over trials, and whether labels follow weights', () => {
    const combinations = [0, 0.5, 1].map((p): Combination => ({
      settings: { [correlationPath]: p },
      lines: [1, 2, 3].map((seed) =>
        line(seed, { labelCorrelation: p / 2 + seed / 100 + (p * seed) / 1000 }),
      ),
    }));
    const { tables, claims } = paperReport(record('fig2'), combinations)!;
    expect(tables[0]!.table.rows[0]).toEqual(
      ['0', 0.02, 0, 0.04, 3].map((one) =>
        typeof one === 'string' || one === 3 ? one : (expect.closeTo(one, 9) as number),
      ),
    );
    expect(claims).toMatchObject([
      { of: 'fig2', verdict: 'holds', found: 'p = 0: 0.020, p = 0.5: 0.271, p = 1: 0.522' },
    ]);
    expect(paperReport(record('fig2'), [combinations[2]!, combinations[0]!])!.claims[0]!.verdict).toBe(
      'holds',
    );
    expect(paperReport(record('fig2'), [combinations[0]!])!.claims[0]!.verdict).toBe('cannot tell');
  });

  const census = (shift: number): Combination[] =>
    censusMethods.map((method) => ({
      settings: { 'model.variant': method },
      lines: [1, 2].map((seed) =>
        line(seed, {
          test: { income: { auc: 0.9 + shift }, 'marital status': { auc: 0.8 + shift + seed / 100 } },
        }),
      ),
    }));

  it('is table 1 with the paper’s numbers beside ours, and says where single-task’s others are', () => {
    const vary = { 'model.variant': [...censusMethods] };
    const alone = paperReport(record('table1', vary), census(0))!.tables[0]!;
    expect(alone.table.rows[0]!.slice(0, 6)).toEqual(['single-task', 0.9, 0.9398, 0.9, 0.9337, '']);
    expect(alone.table.rows[0]!.slice(6, 9)).toEqual([null, 0.9933, null]);
    expect(alone.notes.join()).toContain('“paper table1 auxiliary”');
    const both = paperReport(record('table1', vary), census(0), census(0.01).slice(0, 1))!.tables[0]!;
    expect(both.table.rows[0]![8]).toBeCloseTo(0.825, 9);
    expect(both.table.rows[6]![10]).toMatch(/^−0\.0100/);
    expect(both.notes.join()).not.toContain('auxiliary”');
    expect(paperReport(record('table1', { 'model.variant': ['single-task'] }), census(0))).toBeNull();
  });

  it('names what claims are about, where it is not the same for all', () => {
    const { claims } = paperReport(record('table4'), [])!;
    expect(new Set(claims.map(({ of }) => of))).toEqual(new Set(['table3', 'table4', 'fig6']));
    expect(claimsTable(claims).rows[0]!.slice(0, 2)).toEqual([
      'Table 3',
      'mmoe predicts clicks better than shared-bottom',
    ]);
    expect(claimsTable(claims.slice(0, 2)).columns).toEqual(['claim', 'here', 'holds']);
  });
});
