import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameOf } from './file-name.js';

describe('a file name made of a text', () => {
  it('keeps what every system allows', () => {
    expect(fileNameOf('census · mmoe 8×16')).toBe('census · mmoe 8×16');
    expect(fileNameOf('a/b\\c: "d" <e>?')).toBe('a-b-c- -d- -e--');
    expect(fileNameOf('../..')).toBe('-');
    expect(fileNameOf('con')).toBe('con-');
    expect(fileNameOf(' .. ')).toBe('chart');
  });

  it('never holds a separator, never is empty, never starts or ends with a dot', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const name = fileNameOf(text);
        expect(name).not.toMatch(/[/\\\0]|^\.|\.$|^$/);
      }),
    );
  });
});
