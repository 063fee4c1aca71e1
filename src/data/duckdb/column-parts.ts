/** What a statement takes to be planned grows with the square of what it asks for. */
const columnsAtOnce = 100;

/** Parts a list of columns, in their order, for statements that ask for several values of each. */
export function* inParts<T>(columns: readonly T[], atOnce = columnsAtOnce): Generator<readonly T[]> {
  for (let from = 0; from < columns.length; from += atOnce) yield columns.slice(from, from + atOnce);
}
