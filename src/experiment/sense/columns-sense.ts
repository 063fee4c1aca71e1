import type { JsonPath } from '../place.js';
import type { Experiment } from '../schema.js';
import type { Questionable } from './sense.js';

type Columns = Experiment['columns'];
type Vocabulary = Extract<Columns[string], { kind: 'categorical' | 'set' }>;

/** Returns what cannot be meant in the settings of columns of categories. */
export const questionableColumns = ({ columns, data }: Experiment): Questionable[] => [
  ...streamedSets(columns, data),
  ...Object.entries(columns).flatMap(([name, column]) =>
    isVocabulary(column)
      ? [...uncounted(name, column), ...signs(name, column), ...sharing(name, column, columns)]
      : [],
  ),
];

function streamedSets(columns: Columns, { stream }: Experiment['data']): Questionable[] {
  const isSet = (column: Columns[string]): boolean => column !== 'ignore' && column.kind === 'set';
  if (stream !== true || !Object.values(columns).some(isSet)) return [];
  const message = 'rows with sets of values are held in memory: this has no effect';
  return [flaw('warning', 'experiment.stream', message, ['data', 'stream'])];
}

const isVocabulary = (column: Columns[string]): column is Vocabulary =>
  column !== 'ignore' && (column.kind === 'categorical' || column.kind === 'set');

/** Returns settings of counted values where values are hashed. */
function uncounted(name: string, { encode, minCount, maxValues }: Vocabulary): Questionable[] {
  if (typeof encode !== 'object' || encode.hash === undefined) return [];
  return Object.entries({ minCount, maxValues }).flatMap(([setting, value]) =>
    value === undefined
      ? []
      : [
          flaw(
            'warning',
            `experiment.${setting}`,
            'values that are hashed are not counted: this has no effect without a list of them',
            ['columns', name, setting],
          ),
        ],
  );
}

function signs(name: string, column: Vocabulary): Questionable[] {
  if (column.kind !== 'set' || column.weights === undefined || column.weights !== column.separator) return [];
  return [
    flaw('error', 'experiment.weights', 'weights need another sign than that between values, such as ":"', [
      'columns',
      name,
      'weights',
    ]),
  ];
}

/** Returns why a column cannot use the embeddings of another. */
function sharing(name: string, column: Vocabulary, columns: Columns): Questionable[] {
  const { shares, encode, minCount, maxValues } = column;
  if (shares === undefined) return [];
  const wrong = (message: string, setting = 'shares'): Questionable[] => [
    flaw('error', 'experiment.shares', message, ['columns', name, setting]),
  ];
  const same = (one: string): boolean => one.toLowerCase() === shares.toLowerCase();
  const owner = Object.entries(columns).find(([key]) => same(key))?.[1];
  const example = `"${shares}": { "kind": "categorical", "encode": { "embedding": 16 } }`;
  if (same(name)) return wrong('a column cannot share its own embeddings; name the other column');
  if (owner === undefined)
    return wrong(`"${shares}" is not in columns, and must have embeddings: ${example}`);
  if (owner === 'ignore')
    return wrong(`"${shares}" is ignored, so it has no embeddings to share: ${example}`);
  if (!isVocabulary(owner)) return wrong(`"${shares}" is a number, and has no embeddings to share`);
  if (owner.shares !== undefined)
    return wrong(`"${shares}" uses the embeddings of "${owner.shares}" itself; name that one`);
  if (typeof owner.encode !== 'object')
    return wrong(`"${shares}" has one input per value, and no embeddings to share: ${example}`);
  const { embedding, hash } = owner.encode;
  if (
    encode !== undefined &&
    !(typeof encode === 'object' && encode.embedding === embedding && encode.hash === hash)
  )
    return wrong(
      `the embeddings of "${shares}" have the width ${embedding}; leave this out, or give it the same`,
      'encode',
    );
  for (const [setting, value] of Object.entries({ minCount, maxValues }))
    if (value !== undefined)
      return wrong(`that of "${shares}" counts, whose embeddings this column uses; leave this out`, setting);
  return [];
}

const flaw = (
  severity: Questionable['severity'],
  code: string,
  message: string,
  path: JsonPath,
): Questionable => ({ severity, code, message, path, part: 'value' });
