import { literal, quoted } from '../shared/sql.js';
import { inLine } from '../shared/in-line.js';
import { applyEdits, modify, type JSONPath } from 'jsonc-parser';

/** What a table of `mmoe teach` has, for the experiment that learns from it. */
export interface TaughtTable {
  /** The table's path as the experiment will name it. */
  readonly source: string;
  /** The column that says which part a row is in. */
  readonly split: string;
  /** Per task, the column of its teacher; null: it has none. */
  readonly teachers: readonly (string | null)[];
  /** How much a teacher counts in what rows are taught, 0 … 1. */
  readonly weight: number;
  /** Which parts have rows of that table; others keep what the experiment says. */
  readonly parts: { readonly validation: boolean; readonly test: boolean };
}

/**
 * Returns an experiment's text with a table of `mmoe teach` as its source, with the same rows in the same
 * parts, and each task taught by its teacher. Everything else stays as it is written, comments too.
 */
export function taughtExperiment(text: string, table: TaughtTable): string {
  const changes: [JSONPath, unknown][] = [
    [['data', 'source'], table.source],
    // The rows were chosen, and texts became values, when the table was written.
    [['data', 'read'], undefined],
    [['data', 'where'], undefined],
    ...(['validation', 'test'] as const).flatMap((part): [JSONPath, unknown][] =>
      table.parts[part] ? [[['data', part], { where: `${quoted(table.split)} = ${literal(part)}` }]] : [],
    ),
    ...table.teachers.flatMap((value, task): [JSONPath, unknown][] =>
      value === null ? [] : [[['tasks', task, 'teacher'], { value, weight: table.weight }]],
    ),
  ];
  return changes.reduce((changed, [path, value]) => changedIn(changed, path, value), text);
}

/** Sets a value at a path, undefined: takes it away. What is written stands on one line. */
function changedIn(text: string, path: JSONPath, value: unknown): string {
  const edits = modify(text, path, value, {});
  if (value === undefined) return applyEdits(text, edits);
  const [plain, key] = [JSON.stringify(value), JSON.stringify(path.at(-1))];
  const content = (edit: string): string =>
    edit === plain ? inLine(value) : edit.replace(`${key}: ${plain}`, () => ` ${key}: ${inLine(value)}`);
  return applyEdits(
    text,
    edits.map((edit) => ({ ...edit, content: content(edit.content) })),
  );
}
