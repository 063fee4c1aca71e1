import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { inputOf, parseEncoder, type Encoder } from '../../data/encode/encoder.js';
import { OutsideCount } from '../../data/encode/outside.js';
import type { TableColumn } from '../../data/duckdb/append-table.js';
import { writeTable } from '../../data/write/table-file.js';
import { createEngine } from '../../engine/create-engine.js';
import type { Engine } from '../../engine/engine.js';
import { membersWeights } from '../../engine/members.js';
import type { Experiment } from '../../experiment/schema.js';
import type { NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import { buildNetwork } from '../../network/variants.js';
import { doLater } from '../../run/files/file-work.js';
import { readManifest } from '../../run/manifest.js';
import { readIfThere } from '../../run/files/run-file.js';
import { runPaths, type RunPaths } from '../../run/files/run-paths.js';
import { InputError } from '../../shared/errors.js';
import { decodeWeights } from '../../training/checkpoint/checkpoint.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import { readCheckpoint } from '../training/checkpoint-file.js';
import { findRun, runsFolderHere } from '../runs/find-run.js';
import { experimentFileOf, experimentOf } from '../runs/kept-experiment.js';
import { formatCount } from '../../shared/numbers.js';
import { newRows } from '../tables/new-rows.js';
import { meanOfRuns } from '../tables/mean-of-runs.js';
import { predictionNotes } from '../tables/prediction-notes.js';
import { writeWhole } from '../tables/output-file.js';
import { tableToPredict, withQueryAdvice } from '../tables/table-to-predict.js';
import { evaluateRows, predictionColumns, type PredictionColumn } from '../tables/predictions.js';
import { outsideText } from '../../shared/run/outside-text.js';
import { stdout } from '../terminal/terminal.js';

export interface PredictOptions {
  readonly out: string;
  readonly gates?: boolean;
  readonly runs?: string;
  /** A query instead of a table. */
  readonly sql?: string;
  /** Further runs, whose predictions are averaged with those of the first. */
  readonly and: readonly string[];
  /** Columns of the table that are written before the predictions, such as keys. */
  readonly keep: readonly string[];
}

/** Rows that are encoded and evaluated at once. */
const batchRows = 8192;

/**
 * Writes a row of predictions for every row of a table, in its order, by the run's encoder and best weights.
 * `sources`: what is read as one table; none: the query, or the table that the run was trained on.
 */
export async function predictCommand(
  run: string,
  sources: readonly string[],
  options: PredictOptions,
): Promise<void> {
  const runsFolder = runsFolderHere(options.runs);
  const folders: string[] = [];
  for (const one of [run, ...options.and]) folders.push(await findRun(one, runsFolder));
  const models: Model[] = [];
  for (const folder of new Set(folders)) models.push(await readModel(runPaths(folder)));
  const [model, ...others] = models as [Model, ...Model[]];
  for (const other of others) failOnOtherTasks(model, other);
  const gates = options.gates === true;
  if (gates && others.length > 0)
    throw new InputError('predict.gates', '--gates is for one run: the experts of several are not the same');
  const keep = keptNames(options.keep);
  const columns = models.map(({ encoder, network, members }) =>
    predictionColumns(encoder, network, { gates, members: members.length }),
  );
  failOnTwice(keep, columns[0]!);
  const { experiment, encoder } = model;
  const table = tableToPredict({ sources, sql: options.sql }, experiment, model.experimentFile);
  const engines: Engine[] = [];
  const outside = new OutsideCount(encoder);
  try {
    for (const one of models) engines.push(await engineOf(one));
    const notes = JSON.stringify(predictionNotes(encoder, runNotes(model), others.map(runNotes)), null, 2);
    const rows = await writeWhole({ out: options.out, notes }, sources, (path, failOnSource) => {
      const parts = models.map((one, at) => {
        const more = at === 0 ? { outside, keep } : {};
        const batches = newRows(one.encoder, table, { batchRows, onFiles: failOnSource, ...more });
        return predictedParts(batches, engines[at]!, one, columns[at]!, gates);
      });
      const all = others.length === 0 ? parts[0]! : meanOfRuns(parts, encoder.tasks, keep.length);
      return writeTable(all, path, { metadata: { mmoe: notes } });
    });
    stdout.line(
      `wrote ${formatCount(rows)} rows to ${resolve(options.out)}, predicted ${byWhat(model, others)}`,
    );
    for (const column of outside.found()) stdout.line(outsideText(column));
  } catch (error) {
    throw withQueryAdvice(error, experiment, table);
  } finally {
    for (const engine of engines) engine.dispose();
  }
}

function byWhat({ members, epoch }: Model, others: readonly Model[]): string {
  if (others.length > 0) return `as the mean of ${others.length + 1} runs, each with its best weights`;
  const mean = members.length > 1 ? `, as the mean of ${members.length} members` : '';
  return `with the weights of epoch ${epoch}${mean}`;
}

const engineOf = ({ experiment, network, members }: Model): Promise<Engine> =>
  createEngine(experiment.engine.use, {
    description: network,
    weights: members[0]!,
    optimizer: optimizerSettings(experiment.training),
    threads: experiment.engine.threads ?? availableParallelism(),
  });

/** Splits `user,item`; each name once. */
const keptNames = (given: readonly string[]): string[] => [
  ...new Set(
    given
      .flatMap((names) => names.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];

/** A table cannot have a kept column and one of predictions of one name. */
function failOnTwice(keep: readonly string[], columns: readonly PredictionColumn[]): void {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()));
  const twice = keep.find((name) => names.has(name.toLowerCase()));
  if (twice !== undefined)
    throw new InputError(
      'predict.keep',
      `--keep ${twice} is the name of a column of predictions, too; keep it under another name with --sql ` +
        `'select *, "${twice}" as "label" from …'`,
    );
}

/** Only predictions of the same tasks can be averaged. */
function failOnOtherTasks(one: Model, other: Model): void {
  const tasksOf = ({ encoder }: Model): string =>
    JSON.stringify(encoder.tasks.map(({ name, kind, classes }) => ({ name, kind, classes })));
  if (tasksOf(one) !== tasksOf(other))
    throw new InputError(
      'predict.tasks',
      `run ${other.run.id} does not predict what ${one.run.id} does: only runs of the same tasks, kinds and ` +
        'classes have a mean',
    );
}

/** What the notes beside a table say of the run; members only where there are several. */
const runNotes = ({ run, epoch, members }: Model) => ({
  ...run,
  epoch,
  ...(members.length > 1 && { members: members.length }),
});

/** The predictions of each batch, as it is asked for. */
async function* predictedParts(
  batches: ReturnType<typeof newRows>,
  engine: Engine,
  { members, encoder }: Pick<Model, 'members' | 'encoder'>,
  columns: readonly PredictionColumn[],
  gates: boolean,
): AsyncGenerator<TableColumn[]> {
  for await (const { rows, kept } of batches) {
    const evaluation = evaluateRows(engine, members, encoder, rows, gates);
    yield [...kept, ...columns.map((column) => ({ name: column.name, values: column.values(evaluation) }))];
  }
}

interface Model {
  readonly run: { readonly id: string; readonly name: string };
  readonly experiment: Experiment;
  /** Returns its path, to whose folder the experiment's sources are relative. */
  readonly experimentFile: () => string;
  readonly encoder: Encoder;
  readonly network: NetworkDescription;
  /** The weights of each member. */
  readonly members: readonly NamedArrays[];
  readonly epoch: number;
}

/** Bytes of an encoder: no text of Node's is longer. */
const mostEncoderBytes = 5e8;

/** The best epoch's weights; the last ones where no epoch was finished. */
async function readModel(paths: RunPaths): Promise<Model> {
  const reading = await readManifest(paths.folder);
  if (reading.state !== 'ok') {
    throw new InputError('run.unreadable', reading.state === 'gone' ? 'the run is gone' : reading.reason, {
      file: paths.manifest,
    });
  }
  const experiment = experimentOf(reading.manifest, paths);
  const encoderText = (await doLater(readIfThere(paths.encoder, mostEncoderBytes)))?.toString('utf8');
  const bytes = (await readCheckpoint(paths.bestCheckpoint)) ?? (await readCheckpoint(paths.lastCheckpoint));
  if (encoderText === undefined || bytes === null) {
    throw new InputError(
      'run.no-weights',
      `run ${reading.manifest.id} has no weights yet; let it train first`,
      { file: paths.folder },
    );
  }
  const encoder = encoderIn(encoderText, paths.encoder);
  const network = buildNetwork(experiment.model, inputOf(encoder), encoder.tasks);
  const experimentFile = (): string => experimentFileOf(reading.manifest, paths);
  const { id, name } = reading.manifest;
  const { members } = experiment.training;
  const { weights, epoch } = decodeWeights(bytes, network, members);
  return {
    run: { id, name },
    experiment,
    experimentFile,
    encoder,
    network,
    members: membersWeights(weights, members),
    epoch,
  };
}

function encoderIn(json: string, file: string): Encoder {
  try {
    return parseEncoder(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError('run.encoder', `the run's encoder is damaged: ${why}; train the run again`, {
      file,
    });
  }
}
