import type { ColumnReport, DescribeReport } from '../shared/messages/reports.js';
import { formatCount } from '../shared/numbers.js';
import { positiveText } from '../shared/class-order.js';
import type { RunTask } from '../shared/run/run-manifest.js';
import { inLine } from '../shared/in-line.js';
import { choicesFor, type Choices } from './chosen-defaults.js';
import { defaults } from './defaults.js';
import { hasSetting, variantMeaning, variants, type Variant } from './schema/variants.js';

/** The choices of a person for a new experiment; everything else is inferred from the table. */
export interface ExperimentChoice {
  /** The path of the table as the experiment will name it: relative to the experiment's own folder. */
  readonly source: string;
  readonly labels: readonly { readonly column: string; readonly kind: RunTask['kind'] }[];
  /** The columns that are not features. */
  readonly ignored: readonly string[];
  /** What is suspected of features, by column, for people. */
  readonly suspected?: ReadonlyMap<string, string>;
  /** Default: mmoe. */
  readonly variant?: Variant;
}

/** A line of an object: its text, and the comment behind it. */
type Line = readonly [text: string, comment: string];

/**
 * Returns the commented text of a new `*.mmoe.json`: every choice that was inferred stands in it, to be seen
 * and changed.
 */
export function writeExperiment(table: DescribeReport, choice: ExperimentChoice): string {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const labels = new Set(choice.labels.map((label) => label.column));
  const features = table.columns.filter((column) => !labels.has(column.name));
  const tasks: Line[] = choice.labels.map(({ column, kind }) => {
    const report = byName.get(column);
    return [
      inLine({ label: column, name: column, kind, ...positiveOf(kind, report) }),
      report === undefined ? '' : values(report),
    ];
  });
  const columns = features.map((column) => {
    const [text, said] = columnLine(column, choice.ignored);
    const suspected = choice.suspected?.get(column.name);
    return [text, suspected === undefined ? said : `${said}; suspected: ${suspected}`] satisfies Line;
  });
  const { validation, test } = defaults.data;
  const chosen = choicesOfTable(table, features, choice.ignored);
  const { seed } = defaults.training;
  const training = Object.entries({ ...chosen.training, seed });
  const from = comment(choice.source);
  return `// What to learn from ${from}. What is not written here has its default: hover a key to see it.
{
  "defaults": 2, // what these choose for so many rows is written below

  "data": {
${lines(4, [
  [
    `"source": ${JSON.stringify(choice.source)}`,
    `${formatCount(table.rows)} rows, ${table.columns.length} columns`,
  ],
  ...(table.read === undefined
    ? []
    : [[`"read": ${inLine(table.read)}`, 'how its values are written, as found'] satisfies Line]),
  [`"validation": ${inLine(validation)}`, 'the rows that choose the best epoch'],
  [`"test": ${inLine(test)}`, 'the rows that are looked at once, at the end'],
  [`"scale": ${inLine(chosen.data.scale)}`, 'how numbers enter the network, unless their column says it'],
])}
  },

  // Learned together, each against its own loss.
  "tasks": [
${lines(4, tasks)}
  ],

  // As inferred from the table; change a kind, or "ignore" a column.
  "columns": {
${lines(4, columns)}
  },

${modelLines(choice.variant ?? defaults.model.variant, chosen.model)}

  "training": {
${lines(
  4,
  training.map(([key, value]) => [`${JSON.stringify(key)}: ${inLine(value)}`, '']),
)}
  }
}
`;
}

/** Returns what is chosen for the rows that are left to train on. */
function choicesOfTable(
  { rows }: DescribeReport,
  features: readonly ColumnReport[],
  ignored: readonly string[],
): Choices {
  const { validation, test } = defaults.data;
  const share = (split: typeof test): number => (typeof split === 'number' ? split : 0);
  return choicesFor({
    rows: Math.round(rows * (1 - share(validation) - share(test))),
    numeric: features.filter(({ name, kind }) => kind === 'numeric' && !ignored.includes(name)).length,
  });
}

/** Writes out which of two texts is positive, which nobody would guess. */
function positiveOf(kind: RunTask['kind'], report: ColumnReport | undefined): { positive?: string } {
  const positive = report === undefined ? null : positiveText(report);
  return kind === 'binary' && positive !== null ? { positive } : {};
}

/** Writes the experts' own settings as far as the variant has them; everything else has its default. */
function modelLines(variant: Variant, { experts = {}, towers = {} }: Choices['model']): string {
  const { count, ...others } = experts;
  const { perTask, shared } = defaults.model.experts;
  const model: Line[] = [
    [`"variant": ${inLine(variant)}`, ''],
    [
      `"experts": ${inLine({
        ...(hasSetting(variant, 'experts.count') && { count }),
        ...(hasSetting(variant, 'experts.perTask') && { perTask }),
        ...(hasSetting(variant, 'experts.shared') && { shared }),
        ...others,
      })}`,
      '',
    ],
    [`"towers": ${inLine(towers)}`, ''],
  ];
  const all = variants.filter((other) => other !== variant).join(', ');
  return `  // ${variant}: ${variantMeaning(variant)}.
  // Or ${all}: hover "variant" to read what they are.
  "model": {
${lines(4, model)}
  },`;
}

function columnLine(column: ColumnReport, ignored: readonly string[]): Line {
  const name = JSON.stringify(column.name);
  if (ignored.includes(column.name))
    return [`${name}: "ignore"`, column.kind === 'ignored' ? column.why : values(column)];
  if (column.several !== undefined) {
    const { separator } = column.several;
    const set = { kind: 'set', ...(separator !== null && { separator }) };
    const said = separator === null ? `lists${missing(column)}` : values(column, 'combinations');
    return [`${name}: ${inLine(set)}`, said];
  }
  // The person wants a column that would have been left out: text is categorical, everything else a number.
  const kind =
    column.kind !== 'ignored' ? column.kind : column.type === 'VARCHAR' ? 'categorical' : 'numeric';
  return [`${name}: { "kind": "${kind}" }`, kind === 'categorical' ? values(column) : range(column)];
}

function range(column: ColumnReport): string {
  const extent = column.min !== null && column.max !== null ? `${column.min} … ${column.max}` : column.type;
  return extent + missing(column);
}

function values(column: ColumnReport, counted = 'values'): string {
  const shown = column.top
    .slice(0, 4)
    .map(({ value }) => (value.length > 24 ? `${value.slice(0, 24)}…` : value));
  const more = column.distinct > shown.length ? ', …' : '';
  const examples = shown.length > 0 ? `: ${shown.join(', ')}${more}` : '';
  return `${formatCount(column.distinct)} ${counted}${examples}${missing(column)}`;
}

const missing = (column: ColumnReport): string =>
  column.missing > 0 ? `; ${formatCount(column.missing)} missing` : '';

/** Joins lines with commas. Their comments stand below each other, if that is not too far to the right. */
function lines(indent: number, all: readonly Line[]): string {
  const texts = all.map(([text], index) => ' '.repeat(indent) + text + (index < all.length - 1 ? ',' : ''));
  const width = Math.min(64, Math.max(0, ...texts.map((text) => text.length)));
  return texts
    .map((text, index) => {
      const said = comment(all[index]?.[1] ?? '');
      return said === '' ? text : `${text.padEnd(width)} // ${said}`;
    })
    .join('\n');
}

/** Makes a text fit for a comment: a value of the data may hold a line break, which would end the comment. */
const comment = (text: string): string => text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
