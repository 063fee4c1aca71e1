import { literal, quoted } from '../../src/shared/sql.js';
import type { Cell, Condition, Split, Table } from './table.js';
import type { Source } from './written/container.js';

/** Returns a condition as an experiment says it. */
export function sqlOf(condition: Condition): string {
  const name = quoted(condition.column);
  switch (condition.test) {
    case 'is true':
      return name.includes('"') ? `(${name})` : name;
    case 'is null':
    case 'is not null':
      return `${name} ${condition.test}`;
    case '>':
    case '=': {
      return `${name} ${condition.test} ${literalOf(condition.than)}`;
    }
  }
}

/** A number with a fraction would be a decimal, which may be another double than what was written. */
function literalOf(cell: Cell): string {
  if (typeof cell === 'string') return literal(cell);
  const text = String(cell);
  return typeof cell === 'number' && !text.includes('e') ? `${text}e0` : text;
}

/** Returns the experiment on a table in files, as a person writes it. */
export function experimentOn(
  table: Table,
  sources: { readonly main: Source; readonly validation: Source | null; readonly test: Source | null },
): object {
  const { read } = sources.main;
  const splitOf = (split: Split, own: Source | null, other: 'test' | 'validation'): unknown => {
    switch (split.kind) {
      case 'none':
        return 0;
      case 'share':
        return split.fraction;
      case 'where':
        return { where: sqlOf(split.where) };
      case 'other':
        return { from: other, fraction: split.fraction };
      case 'source':
        return { source: own?.source };
    }
  };
  return {
    data: {
      source: sources.main.source,
      ...(Object.keys(read).length > 0 && { read }),
      validation: splitOf(table.validation, sources.validation, 'test'),
      test: splitOf(table.test, sources.test, 'validation'),
      ...(table.where !== null && { where: sqlOf(table.where) }),
      ...(table.weight !== null && { weight: table.weight }),
      seed: table.seed,
    },
    columns: Object.fromEntries(table.declared),
    tasks: table.tasks.map(({ name, label, kind, scale }) => ({
      ...(name !== null && { name }),
      label: typeof label === 'string' ? label : sqlOf(label),
      ...(kind !== null && { kind }),
      ...(scale === 'none' && { scale }),
    })),
    training: { epochs: 1 },
  };
}
