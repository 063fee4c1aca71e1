import { expect, it } from 'vitest';
import type { ColumnReport } from '../../shared/messages/reports.js';
import { columnDetail, columnMarkdown } from './column-text.js';

const column: ColumnReport = {
  name: 'a|b',
  type: 'VARCHAR',
  kind: 'categorical',
  why: 'text with 2 values',
  distinct: 2,
  missing: 3,
  min: null,
  max: null,
  mean: null,
  top: [{ value: '<x>', count: 5 }],
  labelKind: 'binary',
  looksLikeLabel: false,
};

it('says of a column what one needs to choose it', () => {
  expect(columnDetail(column)).toBe('categorical · VARCHAR · 2 values · 3 missing');
  expect(columnDetail({ ...column, kind: 'numeric', min: '0', max: '9', missing: 0 })).toBe(
    'numeric · VARCHAR · 0 … 9',
  );
});

it('says of several values in a field that they are a set, and counts no values that nobody has counted', () => {
  expect(columnDetail({ ...column, several: { separator: '|' } })).toBe(
    'set · VARCHAR · 2 combinations · 3 missing',
  );
  const list = { ...column, type: 'VARCHAR[]', kind: 'ignored' as const, distinct: 0 };
  expect(columnDetail({ ...list, several: { separator: null } })).toBe('set · VARCHAR[] · 3 missing');
});

it('lets no name or value of the data act as Markdown', () => {
  const text = columnMarkdown(column, { source: '', files: 1, rows: 10, columns: [column] });
  expect(text).toContain('a\\|b');
  expect(text).toContain('\\<x\\>');
  expect(text).toContain('50.0 %');
});
