import { resolve } from 'node:path';
import { simulatedColumns, streamProblem } from '../../../data/simulate/simulator-table.js';
import { writeTable } from '../../../data/write/table-file.js';
import { experimentFromText, readExperiment } from '../../../experiment/load.js';
import { InputError } from '../../../shared/errors.js';
import { formatCount } from '../../../shared/numbers.js';
import { writeWhole } from '../../tables/output-file.js';
import { stdout } from '../../terminal/terminal.js';

export interface SimulateOptions {
  readonly out: string;
  /** Not a number: it was not given as one. */
  readonly rows?: number;
  /** Settings of the simulator, by their names. */
  readonly set: readonly string[];
}

const settingsPath = 'data.source.simulator';

/** Writes the log of a simulated recommender, block after block: that of an experiment, or one of its own. */
export async function simulateCommand(
  file: string | undefined,
  { out, rows, set }: SimulateOptions,
): Promise<void> {
  if (Number.isNaN(rows)) throw new InputError('simulate.rows', '--rows takes a whole number, at least 1');
  const sets = [...set, ...(rows === undefined ? [] : [`rows=${rows}`])].map(
    (one) => `${settingsPath}.${one}`,
  );
  const path = resolve(file ?? 'simulated.mmoe.json');
  const text = file === undefined ? ownExperiment : await readExperiment(path);
  const { source } = experimentFromText({ path, text, sets }).experiment.data;
  if (typeof source === 'string' || !('simulator' in source))
    throw new InputError(
      'simulate.source',
      `this experiment has no ${settingsPath}; mmoe data writes its rows`,
      {
        file: path,
      },
    );
  const settings = source.simulator;
  const problem = streamProblem(settings);
  if (problem !== null) throw problem;
  const written = await writeWhole({ out, notes: null }, [], (beside) =>
    writeTable(simulatedColumns(settings), beside),
  );
  stdout.line(`wrote ${formatCount(written)} rows to ${resolve(out)}`);
}

const ownExperiment = JSON.stringify({ data: { source: { simulator: {} } }, tasks: [{ label: 'click' }] });
