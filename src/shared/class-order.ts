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

/** Returns the one of a column's two texts that is positive by default; null for any other column. */
export function positiveText({
  type,
  distinct,
  top,
}: {
  readonly type: string;
  readonly distinct: number;
  readonly top: readonly { readonly value: string }[];
}): string | null {
  if (type !== 'VARCHAR' || distinct !== 2) return null;
  return inClassOrder(top.map(({ value }) => value))[1] ?? null;
}
