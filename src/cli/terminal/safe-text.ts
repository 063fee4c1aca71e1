/** The colours and weights of this program; nothing else of what begins with an escape is let through. */
// eslint-disable-next-line no-control-regex
const ownStyles = /^\u001b\[(?:1|2|22|31|39)m/;

/**
 * Control characters but for tab and line end (C0, DEL, C1), and those that turn the direction of text or are
 * not seen: with them a name could move the cursor, make a link, or show as another one.
 */
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Returns text for a terminal: what could steer it is shown as `�`, and this program's styles stay. */
export const safeText = (text: string): string =>
  text.replace(unsafe, (character: string, place: number) =>
    character === '\u001b' && ownStyles.test(text.slice(place, place + 6)) ? character : '\ufffd',
  );

/** Returns text as one line: a line break in it is a name's, and is shown as `↵`. */
export const asOneLine = (text: string): string => text.replaceAll(/\r?\n/g, '↵');
