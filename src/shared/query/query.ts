/**
 * What people write to find runs: `learningRate < .01 and variant = mmoe and tag = keep`. Comparisons and words
 * are joined by `and` (which may be left out), `or`, `not` and parentheses; a word must occur in a run's texts.
 */
export type Query =
  | { readonly is: 'all'; readonly of: readonly Query[] }
  | { readonly is: 'any'; readonly of: readonly Query[] }
  | { readonly is: 'not'; readonly of: Query }
  | { readonly is: 'word'; readonly word: string }
  | { readonly is: 'comparison'; readonly key: string; readonly operator: Operator; readonly value: string };

export const operators = ['<=', '>=', '!=', '=', '<', '>', '~'] as const;
/** `~`: contains. */
export type Operator = (typeof operators)[number];

/** What a query asks of a run. */
export interface Facts {
  /** Returns the values of a setting, metric or property; none: the run has no such thing. */
  valuesOf(key: string): readonly (string | number | boolean)[];
  /** Returns whether a word, in small letters, occurs in the run's texts. */
  hasWord(word: string): boolean;
}

/** A place in the text, from 0, and what is wrong there. */
export interface QueryProblem {
  readonly at: number;
  readonly message: string;
}

export interface Token {
  readonly text: string;
  readonly at: number;
  /** `text`: within quotation marks. */
  readonly kind: 'word' | 'text' | 'operator' | 'parenthesis';
}

/** Returns the words and signs of a query; a quotation mark that is not closed ends with the text. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/"([^"]*)"?|(<=|>=|!=|==|[=<>~])|([()])|[^\s"()=<>~!]+|!/g)) {
    const [whole, quoted, operator, parenthesis] = match;
    const at = match.index;
    if (quoted !== undefined) tokens.push({ text: quoted, at, kind: 'text' });
    else if (operator !== undefined)
      tokens.push({ text: operator === '==' ? '=' : operator, at, kind: 'operator' });
    else tokens.push({ text: whole, at, kind: parenthesis === undefined ? 'word' : 'parenthesis' });
  }
  return tokens;
}

/** Parses a query; one without words matches every run. */
export function parseQuery(text: string): { readonly query: Query } | { readonly problem: QueryProblem } {
  const parser = new Parser(tokensOf(text), text.length);
  try {
    return { query: parser.whole() };
  } catch (error) {
    if (error instanceof Misunderstood) return { problem: { at: error.at, message: error.message } };
    throw error;
  }
}

class Misunderstood extends Error {
  constructor(
    readonly at: number,
    message: string,
  ) {
    super(message);
  }
}

/** Nobody writes more parentheses within each other. */
const deepest = 50;

class Parser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  whole(): Query {
    if (this.tokens.length === 0) return { is: 'all', of: [] };
    const query = this.any();
    const left = this.tokens[this.next];
    if (left !== undefined) throw new Misunderstood(left.at, `"${left.text}" is not expected here`);
    return query;
  }

  private any(): Query {
    const of = [this.all()];
    while (this.takes('or')) of.push(this.all());
    return of.length === 1 ? of[0]! : { is: 'any', of };
  }

  private all(): Query {
    const of = [this.one()];
    for (;;) {
      const token = this.tokens[this.next];
      if (token === undefined || token.text === ')' || isKeyword(token, 'or')) break;
      this.takes('and');
      of.push(this.one());
    }
    return of.length === 1 ? of[0]! : { is: 'all', of };
  }

  private one(): Query {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Misunderstood(this.end, 'something to look for is missing');
    if (++this.depth > deepest) throw new Misunderstood(token.at, 'too many parentheses');
    try {
      return this.started(token);
    } finally {
      this.depth--;
    }
  }

  private started(token: Token): Query {
    this.next++;
    if (isKeyword(token, 'not')) return { is: 'not', of: this.one() };
    if (token.kind === 'parenthesis') return this.inner(token);
    if (token.kind === 'operator' || isKeyword(token, 'and') || isKeyword(token, 'or'))
      throw new Misunderstood(token.at, `"${token.text}" has nothing before it`);
    const operator = this.tokens[this.next];
    if (operator?.kind !== 'operator') return { is: 'word', word: token.text.toLowerCase() };
    const value = this.tokens[this.next + 1];
    if (value === undefined || (value.kind !== 'word' && value.kind !== 'text'))
      throw new Misunderstood(value?.at ?? this.end, `"${token.text} ${operator.text}" needs a value`);
    this.next += 2;
    return {
      is: 'comparison',
      key: token.text,
      operator: operators.find((one) => one === operator.text)!,
      value: value.text,
    };
  }

  private inner({ text, at }: Token): Query {
    if (text === ')') throw new Misunderstood(at, '")" without "("');
    const query = this.any();
    if (this.tokens[this.next]?.text !== ')') throw new Misunderstood(this.end, '")" is missing');
    this.next++;
    return query;
  }

  private takes(keyword: string): boolean {
    const token = this.tokens[this.next];
    if (token === undefined || !isKeyword(token, keyword)) return false;
    this.next++;
    return true;
  }
}

const isKeyword = ({ text, kind }: Token, keyword: string): boolean =>
  kind === 'word' && text.toLowerCase() === keyword;

/** Returns whether a run is what a query asks for. What it does not have is neither equal nor unequal. */
export function matchesQuery(query: Query, facts: Facts): boolean {
  switch (query.is) {
    case 'all':
      return query.of.every((one) => matchesQuery(one, facts));
    case 'any':
      return query.of.some((one) => matchesQuery(one, facts));
    case 'not':
      return !matchesQuery(query.of, facts);
    case 'word':
      return facts.hasWord(query.word);
    case 'comparison':
      return compares(facts.valuesOf(query.key), query.operator, query.value);
  }
}

/** Several values, such as tags, count as one that fits; `!=` asks that none is equal. */
function compares(
  values: readonly (string | number | boolean)[],
  operator: Operator,
  wanted: string,
): boolean {
  if (operator === '!=') return values.length > 0 && !values.some((value) => isEqual(value, wanted));
  return values.some((value) => {
    switch (operator) {
      case '=':
        return isEqual(value, wanted);
      case '~':
        return String(value).toLowerCase().includes(wanted.toLowerCase());
      case '<':
      case '<=':
      case '>':
      case '>=':
        return typeof value === 'number' && isOrdered(value, operator, numberOf(wanted));
    }
  });
}

const numberOf = (text: string): number => (text.trim() === '' ? NaN : Number(text));

function isEqual(value: string | number | boolean, wanted: string): boolean {
  if (typeof value === 'number') return value === numberOf(wanted);
  return String(value).toLowerCase() === wanted.toLowerCase();
}

function isOrdered(value: number, operator: '<' | '<=' | '>' | '>=', limit: number): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

/** Returns whether a query says something of this key. */
export function asksFor(query: Query, key: string): boolean {
  switch (query.is) {
    case 'all':
    case 'any':
      return query.of.some((one) => asksFor(one, key));
    case 'not':
      return asksFor(query.of, key);
    case 'word':
      return query.word === key;
    case 'comparison':
      return query.key.toLowerCase() === key;
  }
}
