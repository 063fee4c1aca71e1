import { resolve } from 'node:path';
import { writeExperimentRows } from '../../../data/write/experiment-rows.js';
import { openExperiment } from '../../../experiment/load.js';
import { formatCount } from '../../../shared/numbers.js';
import { writeWhole } from '../../tables/output-file.js';
import { dataOptions } from '../../training/read-data.js';
import { stdout } from '../../terminal/terminal.js';

/** Writes the rows that an experiment would train on. */
export async function dataCommand(
  file: string,
  options: { out: string; set: readonly string[] },
): Promise<void> {
  const path = resolve(file);
  const { experiment, file: text } = await openExperiment(path, options.set);
  const reading = dataOptions(text);
  const { rows } = await writeWhole({ out: options.out, notes: null }, [], (beside, failOnSource) =>
    writeExperimentRows(experiment, reading, beside, { onFiles: failOnSource }),
  );
  stdout.line(`wrote ${formatCount(rows)} rows to ${resolve(options.out)}`);
}
