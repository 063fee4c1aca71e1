import { describe, expect, it } from 'vitest';
import { applyEdits } from 'jsonc-parser';
import { caretAt, dataSource, newerDefaultsEdits, stringAt, taskNames } from './document-syntax.js';

/** Returns the text without its caret `¦`, and the offset of the caret. */
function withCaret(marked: string): [string, number] {
  const offset = marked.indexOf('¦');
  return [marked.replace('¦', ''), offset];
}

describe('the caret in an experiment file', () => {
  it('is in a column key, and the keys that are there already are known', () => {
    const [text, offset] = withCaret('{ "columns": { "age": "ignore", "¦" } }');
    expect(caretAt(text, offset)).toEqual({
      place: { kind: 'column-key', used: ['age', ''] },
      token: { offset: offset - 1, length: 2 },
    });
  });

  it('is in a label, also where the file ends in the middle of it', () => {
    const [text, offset] = withCaret('{ "tasks": [ { "name": "a", "label": "inc¦');
    expect(caretAt(text, offset).place).toEqual({ kind: 'column-value' });
  });

  it('is in the name of the task that stops early', () => {
    const [text, offset] = withCaret(
      '{ "tasks": [{"label": "y1"}], "training": { "stopEarly": { "task": "¦" } } }',
    );
    expect(caretAt(text, offset).place).toEqual({ kind: 'task-name' });
    expect(taskNames(text)).toEqual(['y1']);
  });

  it('is nowhere in particular outside of those', () => {
    const [text, offset] = withCaret('{ "model": { "variant": "¦" } }');
    expect(caretAt(text, offset).place).toEqual({ kind: 'elsewhere' });
  });
});

it('reads the data source of a file with comments and trailing commas', () => {
  expect(dataSource('{ // data\n "data": { "source": "a.csv", }, }')).toEqual({
    source: 'a.csv',
    read: undefined,
  });
});

it('finds the string under the pointer with its place', () => {
  const text = '{ "columns": { "age": "ignore" } }';
  expect(stringAt(text, text.indexOf('age') + 1)).toMatchObject({
    value: 'age',
    place: { kind: 'column-key' },
  });
  expect(stringAt(text, 0)).toBeNull();
});

it('knows that a task’s positive value is one of its label’s', () => {
  const text = '{ "tasks": [{ "label": "y" }, { "label": "status", "positive": "" }] }';
  expect(caretAt(text, text.indexOf('""') + 1).place).toEqual({ kind: 'label-value', label: 'status' });
});

describe('newer defaults', () => {
  const edited = (text: string): string => applyEdits(text, newerDefaultsEdits(text, 2, true)!);

  it('are the first key, and comments stay', () => {
    expect(edited('// why\n{\n  // the table\n  "data": { "source": "a.csv" },\n}\n')).toBe(
      '// why\n{\n  "defaults": 2,\n  // the table\n  "data": { "source": "a.csv" },\n}\n',
    );
  });

  it('are offered to no file that says its own, and to none that is no object', () => {
    expect(newerDefaultsEdits('{ "defaults": 1 }', 2, true)).toBeNull();
    expect(newerDefaultsEdits('[]', 2, true)).toBeNull();
    expect(newerDefaultsEdits('', 2, true)).toBeNull();
  });
});
