import { quoted } from '../../shared/sql.js';
import { isNumericText } from './column-facts.js';

/** Texts by which other programs mark a value that is missing. */
const missingMark = /^(-+|\?+|\.+|#?n\/?a!?|<na>|nan|none|null|nil|missing|unknown|#n\/a|#value!|#div\/0!)$/i;
/** So many different marks may stand among numbers. */
const mostMarks = 5;

/**
 * Returns the marks for missing values that keep a column from being numbers; none where it has other texts,
 * or hardly a number. `texts`: the different texts of the column.
 */
export function missingMarks(texts: readonly string[]): string[] {
  const odd: string[] = [];
  for (const text of texts) {
    if (isNumericText(text)) continue;
    if (odd.length === mostMarks || !missingMark.test(text.trim())) return [];
    odd.push(text);
  }
  return texts.length - odd.length >= 2 ? odd.sort() : [];
}

/** Returns what should be known of a column's different texts, some of which may be left out. */
export function notesOnTexts(name: string, texts: readonly string[]): string[] {
  if (texts.length < 2) return [];
  const marks = missingMarks(texts);
  if (marks.length > 0) {
    const listed = marks.map((mark) => JSON.stringify(mark)).join(', ');
    return [
      `column "${name}" would be numbers but for ${listed}; ` +
        `if that means missing, say so in data.read: "null": [${listed}]`,
    ];
  }
  return [...notesOnSigns(name, texts), ...notesOnSeveral(name, texts)];
}

const percentage = /^[+-]?[\d.,]+ ?%$/;
const amount = /^([+-]?[$€£¥₹] ?[\d.,]+|[+-]?[\d.,]+ ?([$€£¥₹]|EUR|USD|GBP))$/;

/** Shows the query that makes numbers of percentages and amounts of money. */
function notesOnSigns(name: string, texts: readonly string[]): string[] {
  const what = texts.every((text) => percentage.test(text))
    ? 'percentages'
    : texts.every((text) => amount.test(text))
      ? 'amounts of money'
      : null;
  if (what === null) return [];
  const column = quoted(name);
  const digits = `regexp_replace(${column}, '[^0-9.+-]', '', 'g')::double`;
  return [
    `column "${name}" holds ${what} as texts; to make numbers of them, give data.source a query: ` +
      `select * replace (${digits} as ${column}) from …`,
  ];
}

const separators = ['|', ';', ',', '/'];

/** Names the sign that separates several values in one text, where these come back in other texts. */
function notesOnSeveral(name: string, texts: readonly string[]): string[] {
  for (const separator of separators) {
    const lists = texts.map((text) => text.split(separator).map((part) => part.trim()));
    const several = lists.filter((list) => list.length > 1);
    if (several.length < 0.3 * texts.length || several.length < 3) continue;
    const parts = new Set(lists.flat());
    if (parts.has('') || parts.size > texts.length / 2 || [...parts].every(isNumericText)) continue;
    return [
      `column "${name}" holds several values in a text, separated by "${separator}" (${parts.size} in all); ` +
        'a set of values is no kind of feature yet, so every combination counts as a value of its own',
    ];
  }
  return [];
}
