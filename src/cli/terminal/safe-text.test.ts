import { expect, test } from 'vitest';
import { asOneLine, safeText } from './safe-text.js';

test.each([
  ['a cursor that goes up and wipes', 'run\u001b[2A\u001b[0J', 'run�[2A�[0J'],
  ['a link', '\u001b]8;;http://example.org\u0007here\u001b]8;;\u0007', '�]8;;http://example.org�here�]8;;�'],
  ['a line that is written over', 'finished\rfailed', 'finished�failed'],
  ['a control character of eight bits', 'a\u009b2Jb', 'a�2Jb'],
  ['a turn of direction', 'a\u202etxt.exe', 'a�txt.exe'],
])('%s becomes text', (_, name, shown) => {
  expect(safeText(name)).toBe(shown);
});

test('styles of the program, tabs, line ends and letters of all kinds stay', () => {
  const text = '\u001b[1mgröße\u001b[22m\t売上 🎬\n\u001b[31merror:\u001b[39m';
  expect(safeText(text)).toBe(text);
});

test.each([
  ['a line break', 'run\nerror: all is lost', 'run↵error: all is lost'],
  ['a line break of Windows', 'run\r\nfinished', 'run↵finished'],
])('%s in a name does not break the line', (_, name, shown) => {
  expect(safeText(asOneLine(name))).toBe(shown);
});
