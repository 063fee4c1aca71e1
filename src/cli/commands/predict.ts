import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ValueCounts } from '../../data/encode/new/value-counts.js';
import type { NewRows, NewTable } from '../../data/encode/encode-source.js';
import type { TableColumn } from '../../data/duckdb/append-table.js';
import { writeTable } from '../../data/write/table-file.js';
import type { Engine } from '../../engine/engine.js';
import { runPaths } from '../../run/files/run-paths.js';
import { InputError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import type { PredictionReport, PreviewCell } from '../../shared/prediction/report.js';
import { formatCount, formatProgress } from '../../shared/numbers.js';
import { findRun, runsFolderHere } from '../runs/find-run.js';
import { newRows } from '../tables/new-rows.js';
import { predictionNotes } from '../tables/prediction-notes.js';
import { writeWhole } from '../tables/output-file.js';
import { tableToPredict, withQueryAdvice, type TableToPredict } from '../tables/table-to-predict.js';
import { evaluateRows, predictionColumns, type PredictionColumn } from '../tables/predictions.js';
import { meanOfRuns } from '../prediction/mean-of-runs.js';
import { engineOf, failOnOtherTasks, readModel, runNotes, type Model } from '../prediction/model.js';
import { foundLines, scoreLines, sliceLines } from '../prediction/report-text.js';
import { RowScores } from '../prediction/row-scores.js';
import { SliceColumn } from '../prediction/slice-column.js';
import { testScores } from '../prediction/test-scores.js';
import { printJson, stderr, stdout } from '../terminal/terminal.js';
import { onStopSignal } from '../training/stop-signals.js';

export interface PredictOptions {
  /** Where the predictions go; not with `check`. */
  readonly out?: string;
  /** Count what the model knows nothing of, and predict nothing. */
  readonly check?: boolean;
  readonly json?: boolean;
  /** Tell on stderr how far it is, for a program: lines `progress DONE ROWS`. */
  readonly progress?: boolean;
  readonly gates?: boolean;
  readonly runs?: string;
  /** A query instead of a table. */
  readonly sql?: string;
  /** Further runs, whose predictions are averaged with those of the first. */
  readonly and: readonly string[];
  /** Columns of the table that are written before the predictions, such as keys. */
  readonly keep: readonly string[];
  /** Columns of the table by whose values the predictions are scored, too. */
  readonly by: readonly string[];
  /** False: the mean of several runs is not scored on their test rows, for which their data is read again. */
  readonly test: boolean;
}

/** Rows that are encoded and evaluated at once. */
const batchRows = 8192;
/** Rows of the result that a report has. */
const previewRows = 1000;

/** What a command works on. */
interface Asked {
  readonly models: readonly [Model, ...Model[]];
  readonly table: TableToPredict;
  readonly sources: readonly string[];
  readonly options: PredictOptions;
  readonly stop: Stop;
}

interface Stop {
  requested: boolean;
  /** Whether rows are being written, which must be cleared away at the end. */
  begun: boolean;
}

/** Ends a prediction that somebody has stopped; nothing is written then. */
class StoppedError extends Error {}

/**
 * Writes a row of predictions for every row of a table, in its order, by the run's encoder and best weights,
 * and says what the model knows nothing of in it, and how good the predictions are where it has labels.
 * `sources`: what is read as one table; none: the query, or the table that the run was trained on. Returns the
 * exit code.
 */
export async function predictCommand(
  run: string,
  sources: readonly string[],
  options: PredictOptions,
): Promise<number> {
  if ((options.out === undefined) !== (options.check === true))
    throw new InputError(
      'predict.out',
      'name the file to write, --out FILE.csv or FILE.parquet, or only count with --check',
    );
  const by = named(options.by);
  if (by.length > 0 && options.check === true)
    throw new InputError('predict.by', '--by scores predictions; with --check there are none');
  const stop: Stop = { requested: false, begun: false };
  onStopSignal(() => {
    if (stop.requested || !stop.begun) process.exit(exitCodes.stopped);
    stop.requested = true;
  });
  const runsFolder = runsFolderHere(options.runs);
  const folders: string[] = [];
  for (const one of [run, ...options.and]) folders.push(await findRun(one, runsFolder));
  const models: Model[] = [];
  for (const folder of new Set(folders)) models.push(await readModel(runPaths(folder)));
  const [model, ...others] = models as [Model, ...Model[]];
  for (const other of others) failOnOtherTasks(model, other);
  if (options.gates === true && others.length > 0)
    throw new InputError('predict.gates', '--gates is for one run: the experts of several are not the same');
  const table = tableToPredict({ sources, sql: options.sql }, model.experiment, model.experimentFile);
  if (by.length > 0 && table.own)
    throw new InputError(
      'predict.by',
      '--by scores rows that the run has not been trained on: name a table with labels, or a query with --sql; ' +
        "for the run's test rows, write rows.csv with mmoe data, and take " +
        `--sql "from 'rows.csv' where split = 'test'"`,
    );
  const asked: Asked = { models: [model, ...others], table, sources, options, stop };
  let report: PredictionReport;
  try {
    report = await (options.out === undefined ? count(asked) : predict(asked, options.out));
  } catch (error) {
    if (error instanceof StoppedError) return exitCodes.stopped;
    throw withQueryAdvice(error, model.experiment, table);
  } finally {
    clearProgress(options);
  }
  if (options.json === true) printJson(report);
  else print(report, asked);
  return exitCodes.done;
}

/** Reads the rows with the first run's encoder, and counts. */
async function count(asked: Asked): Promise<PredictionReport> {
  const { models, table } = asked;
  const [{ encoder, experiment }] = models;
  const counts = new ValueCounts(encoder);
  const seen = new SeenTable();
  const batches = newRows(encoder, table, {
    ...{ batchRows, counts, labelled: labelledBy(experiment) },
    onTable: (one) => seen.take(one),
  });
  for await (const batch of batches) {
    seen.takeBatch(batch);
    progress(asked, batch.firstRow + batch.rows.rows, seen.rows);
  }
  return { ...seen.report(models, counts), out: null, scores: [], test: null, preview: null };
}

async function predict(asked: Asked, out: string): Promise<PredictionReport> {
  const { models, table, options, sources } = asked;
  const [model, ...others] = models;
  const { encoder, experiment } = model;
  const gates = options.gates === true;
  const keep = named(options.keep);
  const by = named(options.by).map((name) => new SliceColumn(name));
  // Columns to score by are read as those to keep, after these.
  const read = [...keep, ...by.map(({ name }) => name)];
  const columns = models.map((one) =>
    predictionColumns(one.encoder, one.network, { gates, members: one.members.length }),
  );
  failOnTwice(keep, columns[0]!);
  const counts = new ValueCounts(encoder);
  const seen = new SeenTable();
  const preview = new Preview();
  let scores: RowScores | null = null;
  const engines: Engine[] = [];
  try {
    for (const one of models) engines.push(await engineOf(one));
    const notes = JSON.stringify(predictionNotes(encoder, runNotes(model), others.map(runNotes)), null, 2);
    await writeWhole({ out, notes }, sources, (path, failOnSource) => {
      const parts = models.map((one, at) => {
        const first = {
          ...{ counts, keep: read, labelled: table.own ? undefined : labelledBy(experiment) },
          onTable: (found: NewTable) => {
            seen.take(found);
            if (found.labels !== null)
              scores = new RowScores(
                models.map((each) => each.encoder),
                found.labels.absent,
              );
          },
        };
        const batches = newRows(one.encoder, table, {
          ...{ batchRows, onFiles: (files) => seen.takeFiles(files, failOnSource) },
          ...(at === 0 ? first : {}),
        });
        return predictedParts(batches, {
          ...{ engine: engines[at]!, model: one, columns: columns[at]!, gates, keep: keep.length },
          onBatch: (batch, predictions) => {
            if (at === 0) {
              scores?.begin(batch.rows, batch.firstRow);
              by.forEach((column, i) => column.add(batch.kept[keep.length + i]!.values));
              seen.takeBatch(batch);
              progress(asked, batch.firstRow + batch.rows.rows, seen.rows);
            }
            scores?.add(at, predictions);
          },
        });
      });
      const all = others.length === 0 ? parts[0]! : meanOfRuns(parts, encoder.tasks, keep.length);
      return writeTable(preview.of(all), path, { metadata: { mmoe: notes } });
    });
  } finally {
    for (const engine of engines) engine.dispose();
  }
  const scored = (scores as RowScores | null)?.scored(by.map((column) => column.slices()));
  return {
    ...seen.report(models, counts, await isTrainedOn(model, seen.files)),
    out: resolve(out),
    scores: scored?.scores ?? [],
    ...(scored !== undefined && by.length > 0 && { by: scored.by }),
    test: await testScores(models, options.test),
    preview: preview.taken,
  };
}

const labelledBy = ({ tasks, data }: Model['experiment']) => ({
  tasks,
  weight: data.weight,
  where: data.where,
});

/** What has been learned of a table while it was read. */
class SeenTable {
  private table: NewTable | null = null;
  readonly files = new Set<string>();
  private leftOut = 0;

  get rows(): number {
    return this.table?.rows ?? 0;
  }

  take(table: NewTable): void {
    this.table = table;
  }

  takeBatch({ leftOut }: NewRows): void {
    this.leftOut += leftOut;
  }

  takeFiles(files: readonly string[], then: (files: readonly string[]) => void): void {
    for (const file of files) this.files.add(file);
    then(files);
  }

  report(
    models: readonly Model[],
    counts: ValueCounts,
    trainedOn = false,
  ): Omit<PredictionReport, 'out' | 'scores' | 'test' | 'preview'> {
    const { title = '', rows = 0, columns = [], labels = null } = this.table ?? {};
    const { encoder, experiment } = models[0]!;
    const { tasks } = encoder;
    const { where } = experiment.data;
    return {
      ...{ source: title, rows, trainedOn, found: counts.found() },
      runs: models.map(runNotes),
      columns: columns.map(({ name, type }) => ({ name, type })),
      labelled: tasks.flatMap(({ name }, task) => (labels?.absent[task] === null ? [name] : [])),
      unweighted: labels?.unweighted ?? null,
      ...(where !== undefined &&
        labels !== null && { condition: { where, leftOut: this.leftOut, why: labels.unfiltered } }),
    };
  }
}

/** Whether a run's own source is among the files; a query or pattern of files is not looked into. */
async function isTrainedOn(
  { experiment, experimentFile }: Model,
  files: ReadonlySet<string>,
): Promise<boolean> {
  const { source } = experiment.data;
  const named = typeof source === 'string' ? [source] : Array.isArray(source) ? source : [];
  if (named.length === 0 || files.size === 0) return false;
  let folder: string;
  try {
    folder = dirname(experimentFile());
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
  const real = await Promise.all(named.map((one) => realpath(resolve(folder, one)).catch(() => null)));
  return real.some((one) => one !== null && files.has(one));
}

/** Keeps the first rows of a table that passes by. */
class Preview {
  taken: { columns: string[]; rows: PreviewCell[][] } | null = null;

  async *of(parts: AsyncIterable<TableColumn[]>): AsyncGenerator<TableColumn[]> {
    for await (const columns of parts) {
      this.taken ??= { columns: columns.map(({ name }) => name), rows: [] };
      const { rows } = this.taken;
      const there = Math.min(columns[0]?.values.length ?? 0, previewRows - rows.length);
      for (let row = 0; row < there; row++) rows.push(columns.map(({ values }) => cellOf(values[row])));
      yield columns;
    }
  }
}

const cellOf = (value: unknown): PreviewCell =>
  typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)) ? value : null;

/** Throws where somebody has stopped the command; tells whoever looks how far it is. */
function progress({ stop, options }: Asked, done: number, of: number): void {
  if (stop.requested) throw new StoppedError();
  stop.begun = true;
  if (options.progress === true) stderr.line(`progress ${done} ${of}`);
  else if (stderr.isTerminal)
    stderr.steer(`\r\u001b[K${formatProgress(of === 0 ? 1 : done / of)} of ${formatCount(of)} rows`);
}

function clearProgress({ progress: forProgram }: PredictOptions): void {
  if (forProgram !== true && stderr.isTerminal) stderr.steer('\r\u001b[K');
}

function print(report: PredictionReport, { models }: Asked): void {
  const { rows, out, source, labelled } = report;
  stdout.line(
    out === null
      ? `${source}: ${formatCount(rows)} rows` +
          (labelled.length === 0 ? '' : `, with labels of ${labelled.join(', ')}`)
      : `wrote ${formatCount(rows)} rows to ${out}, predicted ${byWhat(models)}`,
  );
  const lines = [...foundLines(report), ...scoreLines(report), ...sliceLines(report, stdout.width)];
  for (const line of lines) stdout.line(line);
}

function byWhat([{ members, epoch }, ...others]: Asked['models']): string {
  if (others.length > 0) return `as the mean of ${others.length + 1} runs, each with its best weights`;
  const mean = members.length > 1 ? `, as the mean of ${members.length} members` : '';
  return `with the weights of epoch ${epoch}${mean}`;
}

/** Splits `user,item`; each name once. */
const named = (given: readonly string[]): string[] => [
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

type Batches = ReturnType<typeof newRows>;

interface Predicting {
  readonly engine: Engine;
  readonly model: Pick<Model, 'members' | 'encoder'>;
  readonly columns: readonly PredictionColumn[];
  readonly gates: boolean;
  /** So many of the columns that are read with the rows are written. */
  readonly keep: number;
  readonly onBatch: (batch: NewRows, predictions: readonly Float32Array[]) => void;
}

/** The predictions of each batch, as it is asked for. */
async function* predictedParts(
  batches: Batches,
  { engine, model: { members, encoder }, columns, gates, keep, onBatch }: Predicting,
): AsyncGenerator<TableColumn[]> {
  for await (const batch of batches) {
    const evaluation = evaluateRows(engine, members, encoder, batch.rows, gates);
    onBatch(batch, evaluation.predictions);
    const kept = batch.kept.slice(0, keep);
    yield [...kept, ...columns.map((column) => ({ name: column.name, values: column.values(evaluation) }))];
  }
}
