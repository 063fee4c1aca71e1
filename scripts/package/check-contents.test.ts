import { describe, expect, it } from 'vitest';
import { checkContents, needed } from './check-contents.mjs';

const entries = (names: string[]) => names.map((name) => ({ name, size: 1, packed: 1, mode: 0 }));

describe('the contents of the package', () => {
  it('are fine when all that is needed is there and nothing else', () => {
    expect(() => checkContents(entries(needed))).not.toThrow();
  });

  it.each([
    'extension/src/extension.ts',
    'extension/dist/cli.js.map',
    'extension/node_modules/lit/index.js',
    'extension/.env',
    'extension/dist/a.test.js',
  ])('must not include %s', (name) => {
    expect(() => checkContents(entries([...needed, name]))).toThrow(name);
  });

  it('must include the trainer program', () => {
    expect(() => checkContents(entries(needed.filter((name) => !name.endsWith('cli.js'))))).toThrow(
      'not in the package: extension/dist/cli.js',
    );
  });
});
