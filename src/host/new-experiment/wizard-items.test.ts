import { describe, expect, it } from 'vitest';
import type { ColumnReport } from '../../shared/messages/reports.js';
import type { Leak } from '../../shared/run/run-manifest.js';
import { leaksByFeature } from '../../shared/run/suspicion-text.js';
import { ignoreItems, labelItems, possibleKinds, variantItems } from './wizard-items.js';

const column = (name: string, change: Partial<ColumnReport> = {}): ColumnReport => ({
  name,
  type: 'BIGINT',
  kind: 'numeric',
  why: 'integer',
  distinct: 50,
  missing: 0,
  min: '0',
  max: '9',
  mean: 3,
  top: [],
  labelKind: 'regression',
  looksLikeLabel: false,
  ...change,
});
const table = (columns: ColumnReport[]) => ({ source: 'films.csv', files: 1, rows: 100, columns });

describe('the wizard', () => {
  it('offers the likely labels first, chosen, and no constant column', () => {
    const items = labelItems(
      table([column('age'), column('same', { labelKind: null }), column('liked', { looksLikeLabel: true })]),
    );
    expect(items.map((item) => [item.label, item.picked])).toEqual([
      ['liked', true],
      ['age', false],
    ]);
  });

  it.each([
    ['BIGINT', ['0', '1'], null],
    ['BIGINT', ['-1', '1'], null],
    ['BIGINT', ['2', '1'], '2'],
    ['DOUBLE', ['10', '9.5'], '10'],
    ['BOOLEAN', ['false', 'true'], null],
    ['VARCHAR', ['stays', 'churned'], 'stays'],
  ])('says which value of %s %j is positive unless it goes without saying', (type, values, positive) => {
    const top = values.map((value) => ({ value, count: 50 }));
    const [item] = labelItems(table([column('y', { type, distinct: 2, top, labelKind: 'binary' })]));
    const said = / · positive: (\S+)/.exec(item!.description)?.[1] ?? null;
    expect(said).toBe(positive);
  });

  it('says of columns why they are left out, and which are suspected of giving a label away', () => {
    const why = 'the number of a row, with another value in nearly every row';
    const leaks: Leak[] = [
      { task: 'y', feature: 'minutes', metric: 'auc', value: 1, missing: { side: '0' } },
      { task: 'z', feature: 'minutes', metric: 'auc', value: 0.995 },
    ];
    const items = ignoreItems(
      table([column('row_id', { kind: 'ignored', why }), column('y'), column('minutes'), column('age')]),
      ['y'],
      leaksByFeature(leaks),
    );
    expect(items.map((item) => [item.label, item.picked, item.detail])).toEqual([
      ['row_id', true, why],
      [
        'minutes',
        false,
        expect.stringMatching(/^feature "minutes" alone predicts "y" .* exactly where "y" is 0/),
      ],
      ['age', false, undefined],
    ]);
  });

  it('starts with the columns that are left out anyway, and never offers a label to leave out', () => {
    const items = ignoreItems(
      table([
        column('id', { kind: 'ignored', why: 'every row has another value' }),
        column('y'),
        column('age'),
      ]),
      ['y'],
    );
    expect(items.map((item) => [item.label, item.picked])).toEqual([
      ['id', true],
      ['age', false],
    ]);
  });

  it('says of sets what they are, and leaves none out', () => {
    const items = ignoreItems(
      table([
        column('genres', { type: 'VARCHAR', kind: 'categorical', several: { separator: '|' } }),
        column('tags', { type: 'VARCHAR[]', kind: 'ignored', distinct: 0, several: { separator: null } }),
      ]),
      [],
    );
    expect(items.map(({ description, detail, picked }) => [description, detail, picked])).toEqual([
      ['set · VARCHAR · 50 combinations', 'several values in a field, separated by "|"', false],
      ['set · VARCHAR[]', 'lists: each field has any number of values', false],
    ]);
  });

  it('asks for a kind only where the values allow several, the inferred one first', () => {
    expect(possibleKinds(column('stars', { distinct: 5, labelKind: 'multiclass' }))).toEqual([
      'multiclass',
      'regression',
    ]);
    expect(possibleKinds(column('minutes', { distinct: 500 }))).toEqual(['regression']);
    expect(possibleKinds(column('liked', { distinct: 2, labelKind: 'binary' }))).toEqual(['binary']);
    expect(
      possibleKinds(
        column('genre', { type: 'VARCHAR', kind: 'categorical', distinct: 7, labelKind: 'multiclass' }),
      ),
    ).toEqual(['multiclass']);
  });

  it('says of every variant what it is', () => {
    const items = variantItems(['mmoe']);
    expect(items.filter(({ picked }) => picked).map(({ label }) => label)).toEqual(['mmoe']);
    expect(items.find(({ variant }) => variant === 'cgc')?.description).toBe(
      'shared experts and each task’s own, a gate per task (Tang et al. 2020)',
    );
  });
});
