import { describe, expect, it } from 'vitest';
import { applyEdits, parse } from 'jsonc-parser';
import {
  caretAt,
  dataSource,
  newerDefaultsEdits,
  startFromEdit,
  stringAt,
  taskNames,
  type StartFrom,
} from './document-syntax.js';

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

  it('is in the run that training starts from', () => {
    const [text, offset] = withCaret('{ "training": { "epochs": 3, "from": "¦" } }');
    expect(caretAt(text, offset).place).toEqual({ kind: 'run' });
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

describe('an experiment that is to start from a run', () => {
  const from: StartFrom = {
    ...{ id: '20261201-101500-k3f9', variant: null, named: null },
    ...{ tabSize: 2, insertSpaces: true },
  };
  const edited = (text: string, more: Partial<StartFrom> = {}): unknown =>
    parse(applyEdits(text, [startFromEdit(text, { ...from, ...more })!]));

  it('says so in its training, where it has one and where it has none', () => {
    const text =
      '// films\n{\n  "data": { "source": "a.csv" }, // the table\n  "training": { "epochs": 3 }\n}\n';
    expect(applyEdits(text, [startFromEdit(text, from)!])).toMatch(/^\/\/ films\n[^]*\/\/ the table\n/);
    expect(edited(text)).toEqual({
      data: { source: 'a.csv' },
      training: { epochs: 3, from: from.id },
    });
    expect(edited('{ "tasks": [], }')).toEqual({ tasks: [], training: { from: from.id } });
    expect(edited('{ "training": { "from": "other" } }')).toEqual({ training: { from: from.id } });
  });

  it('has the variant of the run and, as a copy, a name of its own', () => {
    const text = '{ "name": "films", "model": { "variant": "mmoe" }, "training": {} }';
    expect(edited(text, { variant: 'omoe', named: 'omoe · seed 3' })).toEqual({
      name: 'films, from omoe · seed 3',
      model: { variant: 'omoe' },
      training: { from: from.id },
    });
    expect(edited('{ "tasks": [] }', { variant: 'mmoe' })).toEqual({
      tasks: [],
      training: { from: from.id },
    });
    expect(edited('{ "tasks": [] }', { variant: 'cgc', named: 'cgc' })).toEqual({
      tasks: [],
      model: { variant: 'cgc' },
      training: { from: from.id },
    });
  });

  it('is an object with a training that is one', () => {
    for (const text of ['', '[]', '{ "training": 3 }']) expect(startFromEdit(text, from)).toBeNull();
  });
});
