/**
 * The exit codes of the command line: 0 when the work is done, 1 when it failed, 2 when the input or the
 * arguments are wrong, and 130 when a person stopped it (docs/formats.md).
 */
export const exitCodes = { done: 0, failed: 1, badInput: 2, stopped: 130 } as const;
