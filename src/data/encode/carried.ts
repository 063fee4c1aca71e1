import { ExperimentError } from '../../experiment/experiment-error.js';
import { TextsBuilder, type Texts } from '../texts/texts.js';
import type { CategoricalColumn, Encoder, NumericColumn } from './encoder.js';

/**
 * Returns a fitted encoder in which the columns and tasks that an earlier one has are encoded as there: numbers by its
 * scales, categories by its values, after which new ones follow; labels by its scale. Throws ExperimentError where a
 * column or task is of another kind.
 */
export function carriedEncoder(fitted: Encoder, earlier: Encoder): Encoder {
  const kinds = new Map([
    ...earlier.numeric.map(({ name }) => [name, 'numeric'] as const),
    ...earlier.categorical.map(({ name }) => [name, 'categorical'] as const),
  ]);
  for (const { name, kind } of [...fitted.numeric, ...fitted.categorical]) {
    const was = kinds.get(name) ?? kind;
    if (was !== kind)
      throw unlike(`column "${name}" is ${kind}, and was ${was} there; say its kind in columns`, [
        'columns',
        name,
      ]);
  }
  return {
    ...fitted,
    numeric: fitted.numeric.map((column) => carriedNumber(column, earlier)),
    categorical: fitted.categorical.map((column) => carriedCategories(column, earlier)),
    tasks: fitted.tasks.map((task, index) => {
      const was = earlier.tasks.find(({ name }) => name === task.name);
      if (was === undefined) return task;
      const same = was.kind === task.kind && JSON.stringify(was.classes) === JSON.stringify(task.classes);
      if (!same)
        throw unlike(
          `task "${task.name}" is ${kindOf(task)}, and was ${kindOf(was)} there; give it another name`,
          ['tasks', index],
        );
      return { ...task, offset: was.offset, factor: was.factor };
    }),
  };
}

const kindOf = ({ kind, classes }: Encoder['tasks'][number]): string =>
  classes === null ? kind : `${kind} of ${classes.slice(0, 5).join(', ')}${classes.length > 5 ? ' …' : ''}`;

function carriedNumber(column: NumericColumn, earlier: Encoder): NumericColumn {
  const was = earlier.numeric.find(({ name }) => name === column.name);
  if (was === undefined) return column;
  const { type, format, range } = column;
  const { format: _, range: __, ...scaled } = was;
  return { ...scaled, type, ...(format !== undefined && { format }), ...(range !== undefined && { range }) };
}

function carriedCategories(column: CategoricalColumn, earlier: Encoder): CategoricalColumn {
  const was = earlier.categorical.find(({ name }) => name === column.name);
  if (was === undefined) return column;
  if ((was.hash === undefined) !== (column.hash === undefined))
    throw unlike(
      `column "${column.name}" is ${column.hash === undefined ? 'listed' : 'hashed'}, and was not there; set encode`,
      ['columns', column.name],
    );
  const { encode, hash } = was;
  return {
    ...column,
    encode,
    ...(hash !== undefined && { hash }),
    values: hash === undefined ? joined(was.values, column.values) : was.values,
  };
}

/** Returns some texts, and then those of others that are not among them. */
function joined(first: Texts, others: Texts): Texts {
  const all = new TextsBuilder();
  for (const texts of [first, others]) for (const text of texts) if (text !== null) all.number(text);
  return all.build();
}

const unlike = (message: string, path: readonly (string | number)[]): ExperimentError =>
  new ExperimentError('training.from', `training.from: ${message}`, [...path]);
