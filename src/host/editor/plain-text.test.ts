import { expect, test } from 'vitest';
import { t } from './localise.js';
import { plainText } from './plain-text.js';

test.each([
  ['a link to a command', '[a](command:mmoe.train)', '[a] (command:mmoe.train)'],
  ['a link to an address', 'see [here](https://example.org)', 'see [here] (https://example.org)'],
  ['an icon', '$(trash) run', '$ (trash) run'],
  ['lines', 'one\r\ntwo\u2028three', 'one two three'],
  ['what steers', 'a\u001b[2Jb\u202ec', 'a�[2Jb�c'],
  ['a tag', '<b>größe</b> 🎬', '<b>größe</b> 🎬'],
])('%s is text', (_, name, shown) => {
  expect(plainText(name)).toBe(shown);
});

test('in messages values are text, and the message itself is as it was written', () => {
  expect(t('$(sync) {0}', '[a](command:x)\n$(b)')).toBe('$(sync) [a] (command:x) $ (b)');
});
