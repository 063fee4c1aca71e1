import { isDerived } from '../settings/run-settings.js';
import { settingName } from '../settings/setting-text.js';
import { factsOf, propertyKeys, type QueriedRun } from './run-facts.js';
import { operators, tokensOf, type Token } from './query.js';

/** What may be written next in a query, and the text that it would then be. */
export interface Completion {
  readonly label: string;
  readonly text: string;
}

/** Returns the names that a query can use of these runs: of settings that differ, tasks and properties. */
export function queryKeys(runs: readonly QueriedRun[], differing: readonly string[]): string[] {
  const settings = differing
    .filter((path) => !isDerived(path) && path !== 'file')
    .map((path) => settingName(path).replaceAll(' ', '.'));
  const tasks = runs.flatMap(({ manifest }) => manifest.tasks.map(({ name }) => name));
  return [...new Set([...settings, ...propertyKeys, ...tasks.map(quotedKey)])];
}

const quotedKey = (name: string): string => (/[\s"()=<>~!]/.test(name) ? `"${name}"` : name);

const mostValues = 30;

/** Returns how a query may go on: names, then signs, then the values that runs have, then `and`. */
export function completionsOf(
  text: string,
  keys: readonly string[],
  runs: readonly QueriedRun[],
): Completion[] {
  const tokens = tokensOf(text);
  const isOpen = text !== '' && !/\s$/.test(text);
  const last = isOpen ? tokens.at(-1) : undefined;
  const before = isOpen ? tokens.slice(0, -1) : tokens;
  const start = last === undefined ? text : text.slice(0, last.at);
  const begun = last?.text.toLowerCase() ?? '';
  const offered = (options: readonly string[], end: string): Completion[] =>
    options
      .filter((option) => option.toLowerCase().startsWith(begun) && option.toLowerCase() !== begun)
      .map((option) => ({ label: option, text: `${start}${option}${end}` }));
  const [operator, key] = [before.at(-1), before.at(-2)];
  if (operator?.kind === 'operator' && key !== undefined)
    return offered(valuesOf(key.text, runs).map(quotedKey), ' ');
  if (last?.kind === 'operator') return [];
  if (isTerm(before.at(-1)) && !isTerm(before.at(-2)) && keys.some((one) => isSame(one, before.at(-1)!)))
    return offered(operators, ' ');
  const joins = before.length > 0 && !isJoin(before.at(-1)!) ? ['and', 'or'] : [];
  return [...offered(joins, ' '), ...offered(joins.length > 0 && begun === '' ? [] : keys, ' ')];
}

const isSame = (key: string, { text }: Token): boolean =>
  key.replaceAll('"', '').toLowerCase() === text.toLowerCase();
const isTerm = (token: Token | undefined): boolean =>
  token !== undefined && (token.kind === 'word' || token.kind === 'text') && !isJoin(token);
const isJoin = ({ text, kind }: Token): boolean =>
  (kind === 'word' && /^(and|or|not)$/i.test(text)) || text === '(';

function valuesOf(key: string, runs: readonly QueriedRun[]): string[] {
  const found = new Set<string>();
  for (const run of runs) {
    for (const value of factsOf(run).valuesOf(key)) found.add(String(value));
    if (found.size >= mostValues) break;
  }
  return [...found].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}
