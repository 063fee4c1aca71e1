import type { JsonPath } from '../place.js';
import type { Experiment } from '../schema.js';
import type { Questionable } from './sense.js';

/** Returns what cannot be meant in the settings of columns of categories. */
export function questionableColumns({ columns }: Experiment): Questionable[] {
  return Object.entries(columns).flatMap(([name, column]) => {
    if (column === 'ignore' || column.kind !== 'categorical') return [];
    const { encode, minCount, maxValues } = column;
    if (typeof encode !== 'object' || encode.hash === undefined) return [];
    return Object.entries({ minCount, maxValues }).flatMap(([setting, value]) =>
      value === undefined
        ? []
        : [
            flaw(
              'warning',
              `experiment.${setting}`,
              'values that are hashed are not counted: this has no effect without a list of them',
              ['columns', name, setting],
            ),
          ],
    );
  });
}

const flaw = (
  severity: Questionable['severity'],
  code: string,
  message: string,
  path: JsonPath,
): Questionable => ({ severity, code, message, path, part: 'value' });
