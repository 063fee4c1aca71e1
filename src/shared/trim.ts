/**
 * Trimming in time that grows with a text's length alone. A pattern that ends with `$` is tried anew at each
 * character of a run within the text, so that its time grows with the square of the run's length.
 */

/** Returns a text without the given characters at its ends. */
export function trimmed(text: string, characters: string): string {
  const end = endOf(text, characters);
  let start = 0;
  while (start < end && characters.includes(text[start]!)) start++;
  return text.slice(start, end);
}

/** Returns a text without the given characters at its end. */
export const trimmedEnd = (text: string, characters: string): string =>
  text.slice(0, endOf(text, characters));

function endOf(text: string, characters: string): number {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return end;
}

/** Returns the lines of a text as one, with single blanks between them. */
export const oneLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
