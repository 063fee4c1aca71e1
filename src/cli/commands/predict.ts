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
  const folder = await findRun(run, runsFolderHere(options.runs));
  const model = await readModel(runPaths(folder));
  const { experiment, encoder, network } = model;
  const gates = options.gates === true;
  const columns = predictionColumns(encoder, network, { gates, members: model.members.length });
  const table = tableToPredict({ sources, sql: options.sql }, experiment, model.experimentFile);
  const { engine: settings } = experiment;
  const engine = await createEngine(settings.use, {
    description: network,
    weights: model.members[0]!,
    optimizer: optimizerSettings(experiment.training),
    threads: settings.threads ?? availableParallelism(),
  });
  const outside = new OutsideCount(encoder);
  try {
    const notes = JSON.stringify(predictionNotes(encoder, runNotes(model)), null, 2);
    const rows = await writeWhole({ out: options.out, notes }, sources, (path, failOnSource) => {
      const batches = newRows(encoder, table, { batchRows, onFiles: failOnSource, outside });
      const parts = predictedParts(batches, engine, model, columns, gates);
      return writeTable(parts, path, { metadata: { mmoe: notes } });
    });
    stdout.line(
      `wrote ${formatCount(rows)} rows to ${resolve(options.out)}, predicted with the weights of epoch ` +
        `${model.epoch}${model.members.length > 1 ? `, as the mean of ${model.members.length} members` : ''}`,
    );
    for (const column of outside.found()) stdout.line(outsideText(column));
  } catch (error) {
    throw withQueryAdvice(error, experiment, table);
  } finally {
    engine.dispose();
  }
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
  for await (const { rows } of batches) {
    const evaluation = evaluateRows(engine, members, encoder, rows, gates);
    yield columns.map((column) => ({ name: column.name, values: column.values(evaluation) }));
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
