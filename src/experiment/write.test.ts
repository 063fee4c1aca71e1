import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnReport } from '../shared/messages/reports.js';
import { parseExperiment } from './load.js';
import { variantMeaning, variants } from './schema/variants.js';
import { writeExperiment } from './write.js';

const column = (name: string, change: Partial<ColumnReport> = {}): ColumnReport => ({
  name,
  type: 'VARCHAR',
  kind: 'categorical',
  why: 'text',
  distinct: 3,
  missing: 0,
  min: null,
  max: null,
  mean: null,
  top: [{ value: 'a', count: 1 }],
  labelKind: 'multiclass',
  looksLikeLabel: false,
  ...change,
});

it('writes every inferred choice where it can be seen', () => {
  const columns = [
    column('age', { kind: 'numeric', type: 'BIGINT', min: '0', max: '90', missing: 12 }),
    column('id', { kind: 'ignored', why: 'every row has another value' }),
    column('genre'),
    column('liked', { kind: 'numeric', labelKind: 'binary' }),
  ];
  const text = writeExperiment(
    { source: 'films.csv', files: 1, rows: 20_000, columns },
    {
      ...{ source: 'films.csv', labels: [{ column: 'liked', kind: 'binary' }], ignored: ['id'] },
      suspected: new Map([['genre', 'it gives\n"liked" away']]),
    },
  );
  expect(text).toMatch(/"age": \{ "kind": "numeric" \}, +\/\/ 0 … 90; 12 missing/);
  expect(text).toMatch(/"id": "ignore", +\/\/ every row has another value/);
  expect(text).toMatch(
    /"genre": \{ "kind": "categorical" \} +\/\/ 3 values: a, …; suspected: it gives "liked" away/,
  );
  expect(text).not.toContain('"liked": {');
  const { experiment, problems } = parseExperiment(text, 'films.mmoe.json');
  expect(problems).toEqual([]);
  expect(experiment?.tasks).toMatchObject([{ label: 'liked', name: 'liked', kind: 'binary' }]);
});

it.each(variants)('writes a sound experiment for %s, and says what it is', (variant) => {
  const text = writeExperiment(
    {
      source: 'films.csv',
      files: 1,
      rows: 100,
      columns: [column('genre'), column('liked', { labelKind: 'binary' })],
    },
    { source: 'films.csv', labels: [{ column: 'liked', kind: 'binary' }], ignored: [], variant },
  );
  const { experiment, problems } = parseExperiment(text, 'films.mmoe.json');
  expect(problems).toEqual([]);
  expect(experiment?.model.variant).toBe(variant);
  expect(text).toContain(`// ${variant}: ${variantMeaning(variant)}.`);
});

it('is a sound experiment whatever the columns are called and hold', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 2, maxLength: 6 }),
      // No table with a zero byte in a name is read.
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      (names, value) => {
        const columns = names.map((each) => column(each, { top: [{ value, count: 1 }] }));
        const label = names[0] ?? '';
        const text = writeExperiment(
          { source: 'x', files: 1, rows: 1, columns },
          {
            source: value === '' ? 'x' : value,
            labels: [{ column: label, kind: 'multiclass' }],
            ignored: names.slice(2),
          },
        );
        const { experiment, problems } = parseExperiment(text, 'x.mmoe.json');
        expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
        expect(Object.keys(experiment?.columns ?? {}).sort()).toEqual(names.slice(1).sort());
      },
    ),
  );
});

it('writes fields of several values as sets', () => {
  const columns = [
    column('genres', { several: { separator: '|' }, distinct: 40 }),
    column('tags', { several: { separator: null }, kind: 'ignored', type: 'VARCHAR[]' }),
    column('liked', { kind: 'numeric', labelKind: 'binary' }),
  ];
  const choice = { source: 'a.csv', labels: [{ column: 'liked', kind: 'binary' } as const], ignored: [] };
  const text = writeExperiment({ source: 'a.csv', files: 1, rows: 100, columns }, choice);
  expect(text).toMatch(/"genres": \{ "kind": "set", "separator": "\|" \}, +\/\/ 40 combinations/);
  expect(text).toMatch(/"tags": \{ "kind": "set" \} +\/\/ lists/);
  expect(parseExperiment(text, 'a.mmoe.json').problems).toEqual([]);
});
