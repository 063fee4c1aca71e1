/**
 * Returns the values of a label in the order of its classes: as numbers where all are numbers, else as texts.
 * Of two the second is the positive one, where the experiment does not say otherwise.
 */
export function inClassOrder(values: readonly string[]): string[] {
  const areNumbers = values.every((text) => Number.isFinite(Number(text)));
  const inOrder = (one: string, other: string): number => (one < other ? -1 : 1);
  return [...values].sort((one, other) =>
    areNumbers ? Number(one) - Number(other) || inOrder(one, other) : inOrder(one, other),
  );
}

/** What is known of a column that could be a label. */
interface LabelColumn {
  readonly type: string;
  readonly distinct: number;
  readonly top: readonly { readonly value: string }[];
}

/** Returns the one of a column's two values that is positive by default; null for any other column. */
const positiveValue = ({ distinct, top }: LabelColumn): string | null =>
  distinct === 2 ? (inClassOrder(top.map(({ value }) => value))[1] ?? null) : null;

/** Returns the one of a column's two texts that is positive by default; null for any other column. */
export const positiveText = (column: LabelColumn): string | null =>
  column.type === 'VARCHAR' ? positiveValue(column) : null;

/** Returns the positive one of two values where it does not go without saying, as 1 and true do. */
export function unobviousPositive(column: LabelColumn): string | null {
  if (column.type === 'VARCHAR') return positiveText(column);
  const positive = column.type === 'BOOLEAN' ? null : positiveValue(column);
  return positive === null || Number(positive) === 1 ? null : positive;
}
