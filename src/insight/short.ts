/** Six significant digits: enough for any picture, and a third of the log's bytes. */
export const short = (value: number): number => Number(value.toPrecision(6));
