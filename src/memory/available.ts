import { totalmem } from 'node:os';

/** The share of the memory that a training may take; the system and this program need the rest. */
export const usableShare = 0.9;

/** Returns how many bytes this process may use: the machine's memory, or less within a container. */
export function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
