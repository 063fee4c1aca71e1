import { formatBytes } from './numbers.js';

/** Returns the refusal of what would take more bytes than there are. */
export const needsMoreMemory = (what: string, needed: number, memory: number, advice: string): string =>
  `${what} would take about ${formatBytes(needed)} of memory, ` +
  `and there are ${formatBytes(memory)} here; ${advice}`;
