import { randomInt } from 'node:crypto';

const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `20261124-083012-k3f9`: UTC, so that ids sort by time on every machine, and four random letters. */
export function newRunId(
  date: Date,
  random: (below: number) => number = (below) => randomInt(below),
): string {
  const digits = date.toISOString().replaceAll(/[-:]/g, '');
  const tail = Array.from({ length: 4 }, () => letters[random(letters.length)]).join('');
  return `${digits.slice(0, 8)}-${digits.slice(9, 15)}-${tail}`;
}

/** Returns whether a text may be a run's folder name: also ids that people make up, but no paths. */
export const isRunId = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(text);
