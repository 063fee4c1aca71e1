import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { reportFailure } from './failure.js';

test('a call without a command says so, as wrong input', () => {
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const program = new Command('mmoe').exitOverride().configureOutput({ writeErr: () => undefined });
  program.command('train');
  let thrown: unknown;
  try {
    program.parse([], { from: 'user' });
  } catch (error) {
    thrown = error;
  }
  expect(reportFailure(thrown)).toBe(2);
  expect(written.mock.calls.join('')).toBe('error: no command was named; see mmoe --help\n');
  written.mockRestore();
});
