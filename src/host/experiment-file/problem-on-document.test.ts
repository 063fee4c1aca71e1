import { expect, test } from 'vitest';
import type { Problem } from '../../shared/messages/reports.js';
import { problemOnDocument } from './problem-on-document.js';

const document = '/w/sub/x.mmoe.json';
const text = `// films
{
  "data": { "source": ["a.csv", "more/b.csv"], "test": { "source": "t.csv" } },
  "tasks": [{ "label": "y" }]
}`;

const problem = (more: Partial<Problem>): Problem => ({
  severity: 'error',
  code: 'data.malformed-line',
  message: 'this line is malformed',
  file: null,
  line: null,
  column: null,
  endLine: null,
  endColumn: null,
  ...more,
});

/** Returns the underlined part of the document, and the message. */
function shown(more: Partial<Problem>, of = text): string {
  const { line, column, endLine, endColumn, message } = problemOnDocument(problem(more), of, document);
  expect(endLine).toBe(line);
  const marked =
    line === null ? 'nothing' : of.split('\n')[line - 1]!.slice((column ?? 1) - 1, (endColumn ?? 1) - 1);
  return `${marked} ⟶ ${message}`;
}

test('a problem of a table stands where the experiment names it, with the line of the table', () => {
  expect(shown({ file: '/w/sub/more/b.csv', line: 57 })).toBe(
    '"more/b.csv" ⟶ more/b.csv:57: this line is malformed',
  );
  expect(shown({ file: '/w/sub/t.csv', line: 2 })).toBe('"t.csv" ⟶ t.csv:2: this line is malformed');
  expect(shown({ file: '/w/sub/a.csv', message: 'this table has no rows' })).toBe(
    '"a.csv" ⟶ a.csv: this table has no rows',
  );
});

test('a file that the message names is not named twice, and one of a glob stands at the source', () => {
  expect(shown({ file: '/w/sub/a.csv', message: 'there is no file "a.csv"' })).toBe(
    '"a.csv" ⟶ there is no file "a.csv"',
  );
  const glob = '{ "data": { "source": "parts/*.csv" } }';
  expect(shown({ file: '/w/sub/parts/3.csv', line: 4 }, glob)).toBe(
    '"parts/*.csv" ⟶ parts/3.csv:4: this line is malformed',
  );
});

test('what is said of the data as a whole stands at its source, and the rest where it was', () => {
  const one = '{ "data": { "source": "a.csv" } }';
  expect(shown({ code: 'data.warning', file: document, message: 'few rows' }, one)).toBe(
    '"a.csv" ⟶ few rows',
  );
  const own = problem({ file: document, line: 4, column: 3, endLine: 4, endColumn: 10 });
  expect(problemOnDocument(own, text, document)).toBe(own);
  expect(shown({ file: '/w/a.csv', line: 9 }, '{ "tasks": [] }')).toBe(
    'nothing ⟶ ../a.csv:9: this line is malformed',
  );
});
