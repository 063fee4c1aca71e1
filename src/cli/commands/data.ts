import { dirname, resolve } from 'node:path';
import { writeExperimentRows } from '../../data/write/experiment-rows.js';
import { openExperiment } from '../../experiment/load.js';
import type { Experiment, Source } from '../../experiment/schema.js';
import { formatCount } from '../../shared/numbers.js';
import { writeWhole } from '../tables/output-file.js';
import { dataOptions } from '../training/read-data.js';
import { stdout } from '../terminal/terminal.js';

/** Writes the rows that an experiment would train on. */
export async function dataCommand(
  file: string,
  options: { out: string; set: readonly string[] },
): Promise<void> {
  const path = resolve(file);
  const { experiment, file: text } = await openExperiment(path, options.set);
  const reading = dataOptions(text);
  const sources = filesOf(experiment).map((source) => resolve(dirname(path), source));
  const { rows } = await writeWhole({ out: options.out, notes: null }, sources, (beside) =>
    writeExperimentRows(experiment, reading, beside),
  );
  stdout.line(`wrote ${formatCount(rows)} rows to ${resolve(options.out)}`);
}

/** The files that are named one by one; what a glob or a query reads is not known before. */
function filesOf({ data }: Experiment): string[] {
  const ofSource = (source: Source): string[] =>
    typeof source === 'string' ? [source] : Array.isArray(source) ? source : [];
  const splits = [data.validation, data.test].flatMap((split) =>
    typeof split === 'object' && 'source' in split ? ofSource(split.source) : [],
  );
  return [...ofSource(data.source), ...splits];
}
