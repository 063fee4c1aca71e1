/** Returns what the kernel compares draws with: one is below the rate where its 24 bits are below this. */
export const thresholdOf = (rate: number): number => Math.ceil(rate * 2 ** 24);
