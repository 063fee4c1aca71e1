import type { ColumnReport, DescribeReport } from '../shared/reports.js';
import type { RunTask } from '../shared/run.js';
import { variantMeanings, variants, type Variant } from './schema.js';

/** What a person chose for a new experiment; everything else is inferred from the table. */
export interface ExperimentChoice {
  /** As the experiment will name it: relative to its own folder. */
  readonly source: string;
  readonly labels: readonly { readonly column: string; readonly kind: RunTask['kind'] }[];
  /** Columns that are not features. */
  readonly ignored: readonly string[];
  /** Default: mmoe. */
  readonly variant?: Variant;
}

/** One line of an object: what is written, and the comment behind it. */
type Line = readonly [text: string, comment: string];

/** The commented text of a new `*.mmoe.json`: every inferred choice stands in it, to be seen and changed. */
export function writeExperiment(table: DescribeReport, choice: ExperimentChoice): string {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const labels = new Set(choice.labels.map((label) => label.column));
  const features = table.columns.filter((column) => !labels.has(column.name));
  const tasks: Line[] = choice.labels.map(({ column, kind }) => {
    const report = byName.get(column);
    return [
      `{ "label": ${JSON.stringify(column)}, "name": ${JSON.stringify(column)}, "kind": "${kind}" }`,
      report === undefined ? '' : values(report),
    ];
  });
  return `// What to learn from ${comment(choice.source)}. What is not written here has its default: hover a key to see it.
{
  "data": {
${lines(4, [
  [
    `"source": ${JSON.stringify(choice.source)}`,
    `${table.rows.toLocaleString('en')} rows, ${table.columns.length} columns`,
  ],
  ['"validation": 0.1', 'a tenth of the rows chooses the best epoch'],
  ['"test": 0.1', 'a tenth is looked at once, at the end'],
])}
  },

  // Learned together, each against its own loss.
  "tasks": [
${lines(4, tasks)}
  ],

  // As inferred from the table; change a kind, or "ignore" a column.
  "columns": {
${lines(
  4,
  features.map((column) => columnLine(column, choice.ignored)),
)}
  },

${modelLines(choice.variant ?? 'mmoe')}

  "training": { "learningRate": 0.001, "batchSize": 256, "epochs": 20, "seed": 1, "stopEarly": { "patience": 5 } }
}
`;
}

/** The experts' own settings as far as the variant has them; everything else has its default. */
function modelLines(variant: Variant): string {
  const counts =
    variant === 'cgc' || variant === 'ple'
      ? '"perTask": 2, "shared": 4, '
      : variant === 'omoe' || variant === 'mmoe' || variant === 'pathnet'
        ? '"count": 8, '
        : '';
  const others = variants.filter((other) => other !== variant).join(', ');
  return `  // ${variant}: ${variantMeanings[variant]}.
  // Or ${others}: hover "variant" to read what they are.
  "model": { "variant": "${variant}", "experts": { ${counts}"layers": [16] }, "towers": { "layers": [8] } },`;
}

function columnLine(column: ColumnReport, ignored: readonly string[]): Line {
  const name = JSON.stringify(column.name);
  if (ignored.includes(column.name))
    return [`${name}: "ignore"`, column.kind === 'ignored' ? column.why : values(column)];
  // A column that would be left out, and that the person wants: text is categorical, everything else a
  // number.
  const kind =
    column.kind !== 'ignored' ? column.kind : column.type === 'VARCHAR' ? 'categorical' : 'numeric';
  return [`${name}: { "kind": "${kind}" }`, kind === 'categorical' ? values(column) : range(column)];
}

function range(column: ColumnReport): string {
  const extent = column.min !== null && column.max !== null ? `${column.min} … ${column.max}` : column.type;
  return extent + missing(column);
}

function values(column: ColumnReport): string {
  const shown = column.top
    .slice(0, 4)
    .map(({ value }) => (value.length > 24 ? `${value.slice(0, 24)}…` : value));
  const more = column.distinct > shown.length ? ', …' : '';
  return `${column.distinct.toLocaleString('en')} values${shown.length > 0 ? `: ${shown.join(', ')}${more}` : ''}${missing(column)}`;
}

const missing = (column: ColumnReport): string =>
  column.missing > 0 ? `; ${column.missing.toLocaleString('en')} missing` : '';

/** Comments stand in one column behind what they are about; a comma follows all but the last line. */
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

/** A value of the data may hold a line break, which would end the comment. */
const comment = (text: string): string => text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
