import { plainText, withoutControls } from './plain-text.js';

/**
 * Escapes text for one line of Markdown, so that nothing in it acts as a link, an image, an icon, a table or
 * HTML. Every ASCII punctuation character may be escaped (CommonMark 0.31, section 2.4), so all are. Icons are
 * made of what is shown after that, so that a blank keeps `$(name)` from being one.
 */
export const escapeMarkdown = (text: string): string =>
  withoutControls(text.replace(/\s+/g, ' ').replaceAll('$(', '$ (')).replace(/[!-/:-@[-`{-~]/g, '\\$&');

/** Escapes text of several lines for Markdown; the lines stay lines. */
export const escapeMarkdownLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => escapeMarkdown(line.trim()))
    .join('  \n');

/** Returns text as Markdown's code of one line: a line break would end it, and icons are made in code, too. */
export const markdownCode = (text: string): string =>
  `\`${plainText(text).replaceAll('`', '').trim() || ' '}\``;
