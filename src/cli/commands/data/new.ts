import { writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { describeSource } from '../../../data/decide/describe.js';
import { checkData } from '../../../data/check.js';
import { leaksOf } from '../../../data/leaks.js';
import { parseExperiment, workspaceOf } from '../../../experiment/load.js';
import { leaksByFeature } from '../../../shared/run/suspicion-text.js';
import { dataOptions } from '../../training/read-data.js';
import { didYouMean } from '../../../experiment/near.js';
import { variants, type Variant } from '../../../experiment/schema/variants.js';
import { writeExperiment } from '../../../experiment/write.js';
import { InputError } from '../../../shared/errors.js';
import { missedDelimiter, missedDelimiterText } from '../../../shared/missed-delimiter.js';
import { isLeftOut, type ColumnReport, type DescribeReport } from '../../../shared/messages/reports.js';
import { stdout } from '../../terminal/terminal.js';
import { newExperimentFile } from '../../../shared/names.js';

export interface NewOptions {
  readonly label: readonly string[];
  readonly out?: string;
  readonly variant?: string;
}

/** Writes an experiment for a table, with every inferred choice visible in it. */
export async function newCommand(source: string, options: NewOptions): Promise<void> {
  const report = await describeSource(source, {
    folder: process.cwd(),
    workspace: workspaceOf(resolve(source)),
  });
  const out = resolve(options.out ?? defaultFile(source));
  const from = relative(dirname(out), resolve(source)).split(sep).join('/');
  const labels = labelsOf(report, options.label, source);
  const variant = variantOf(options.variant ?? 'mmoe');
  const ignored = report.columns.filter(isLeftOut).map(({ name }) => name);
  const choice = { source: from, labels, ignored, variant };
  const suspected = await suspectedOf(out, writeExperiment(report, choice));
  try {
    await writeFile(out, writeExperiment(report, { ...choice, suspected }), { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new InputError('new.exists', 'this file exists already; name another one with --out', {
        file: out,
      });
    }
    throw error;
  }
  for (const text of suspected.values()) stdout.line(`warning: ${text}`);
  stdout.line(`wrote ${out}: ${labels.map(({ column, kind }) => `${column} (${kind})`).join(', ')}`);
}

/** Returns what is suspected of features; nothing where the rows cannot be trained on, as a check will say. */
async function suspectedOf(path: string, text: string): Promise<Map<string, string>> {
  const { experiment } = parseExperiment(text, path, []);
  if (experiment === null) return new Map();
  const { data } = await checkData(experiment, dataOptions({ path, text, sets: [] }));
  return leaksByFeature(data === null ? [] : leaksOf(data));
}

function variantOf(name: string): Variant {
  const known = variants.find((variant) => variant === name);
  if (known !== undefined) return known;
  const meant = didYouMean(name, variants) || `; use ${variants.join(', ')}`;
  throw new InputError('new.variant', `--variant: there is no variant "${name}"${meant}`);
}

/** Returns where a new experiment goes: `ratings.mmoe.json` beside `ratings.csv.gz`. */
function defaultFile(source: string): string {
  const path = resolve(source);
  return resolve(
    dirname(path),
    newExperimentFile(basename(path), () => false),
  );
}

function labelsOf(
  report: DescribeReport,
  given: readonly string[],
  source: string,
): { column: string; kind: NonNullable<ColumnReport['labelKind']> }[] {
  const wanted =
    given.length > 0
      ? given
      : report.columns.filter(({ looksLikeLabel }) => looksLikeLabel).map(({ name }) => name);
  const delimiter = missedDelimiter(report.columns.map(({ name }) => name));
  if (delimiter !== null)
    throw new InputError('new.one-column', missedDelimiterText(delimiter), { file: source });
  if (wanted.length === 0) {
    throw new InputError('new.no-label', 'no column looks like a label; name one with --label', {
      file: source,
    });
  }
  return wanted.map((name) => {
    const column = report.columns.find((one) => one.name === name);
    const names = report.columns.map((one) => one.name).join(', ');
    if (column === undefined)
      throw new InputError('new.label', `there is no column "${name}"; the columns are ${names}`, {
        file: source,
      });
    const kind = column.labelKind;
    if (kind === null)
      throw new InputError('new.label', `column "${name}" cannot be a label: ${column.why}`, {
        file: source,
      });
    return { column: name, kind };
  });
}
