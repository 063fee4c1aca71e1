/** What the system's refusals mean, and what helps, for people. */
const refusals = {
  ENOSPC: { what: 'the disk is full', help: 'make room' },
  EDQUOT: { what: 'your share of the disk is used up', help: 'make room' },
  EROFS: { what: 'the disk is read-only', help: 'make it writable' },
  EACCES: { what: 'permission is denied', help: 'see who may read and write there' },
  EPERM: { what: 'the system does not permit it', help: 'see who may read and write there' },
  EMFILE: { what: 'this program has too many files open', help: 'raise the limit (ulimit -n)' },
  ENFILE: { what: 'the system has too many files open', help: 'close other programs' },
  EIO: { what: 'the disk fails to read or write', help: 'see whether it is damaged' },
} as const;

/** How the system itself says some of them, for libraries that hand on no code. */
const words: readonly (readonly [RegExp, keyof typeof refusals])[] = [
  [/No space left on device/i, 'ENOSPC'],
  [/Disk quota exceeded/i, 'EDQUOT'],
  [/Read-only file system/i, 'EROFS'],
  [/Permission denied/i, 'EACCES'],
  [/Too many open files/i, 'EMFILE'],
  [/Input\/output error/i, 'EIO'],
];

export interface SystemRefusal {
  readonly code: string;
  /** What happened, as a phrase: `the disk is full (census.csv)`. */
  readonly what: string;
  /** What to do about it, as a phrase. */
  readonly help: string;
}

/**
 * Returns what it means where the machine has refused something; null: the error is of another kind. `where`
 * is told in place of the path that the system names, which may be of a passing file.
 */
export function systemRefusal(error: unknown, where?: string): SystemRefusal | null {
  if (!(error instanceof Error)) return null;
  const given = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const code = isRefusal(given) ? given : words.find(([pattern]) => pattern.test(error.message))?.[1];
  if (code === undefined) return null;
  const path = where ?? ('path' in error && typeof error.path === 'string' ? error.path : null);
  const { what, help } = refusals[code];
  return { code, what: path === null ? what : `${what} (${path})`, help };
}

const isRefusal = (code: string | null): code is keyof typeof refusals =>
  code !== null && Object.hasOwn(refusals, code);
