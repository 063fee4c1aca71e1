/** Control characters, and those that turn the direction of text or are not seen. */
const unseen =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Returns text in which nothing steers what shows it; each such character is `�`. */
export const withoutControls = (text: string): string => text.replaceAll(unseen, '\ufffd');

/**
 * Returns what people have named for a label, a message or an item of the editor: one line, in which nothing
 * is a link (`[text](address)`) or an icon (`$(name)`). Texts of this extension's own have their icons before
 * and after it.
 */
export const plainText = (text: string): string =>
  withoutControls(text.replaceAll(/[\t\r\n\u2028\u2029]+/g, ' '))
    .replaceAll('](', '] (')
    .replaceAll('$(', '$ (');
