import { randomInt } from 'node:crypto';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { FormEncoder } from '../../data/encode/new/form-encoder.js';
import { RowSource } from '../../data/encode/new/row-source.js';
import { ownerOf, type Encoder } from '../../data/encode/encoder.js';
import type { Engine } from '../../engine/engine.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { InputError } from '../../shared/errors.js';
import { exitCodes } from '../../shared/exit-codes.js';
import {
  rowRequestSchema,
  type RowAnswer,
  type RowColumn,
  type RowRequest,
  type RowValues,
  type TaskPrediction,
} from '../../shared/prediction/row-messages.js';
import { meanOfMembers, type MeanOfMembers } from '../../training/scores/mean-of-members.js';
import { describeInputError } from '../failure.js';
import { predictionColumns } from '../tables/predictions.js';
import { tableToPredict } from '../tables/table-to-predict.js';
import { engineOf, type Model } from './model.js';

/** Values of a column that are offered. */
const mostValues = 500;

/** Predicts the rows that it is asked for on standard input until that ends. */
export async function serveRows(model: Model): Promise<void> {
  const engine = await engineOf({ ...model, experiment: withOneThread(model.experiment) });
  const server = new RowServer(model, engine);
  const say = (answer: RowAnswer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
  say(server.ready());
  const reading = server.read().then(say);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = v.parse(rowRequestSchema, JSON.parse(line));
    if (request.ask === 'row') await reading;
    say(await server.answer(request));
  }
  // The table may still be read: nobody waits for it any more.
  process.exit(exitCodes.done);
}

/** A row is so little work that threads only wait for each other. */
const withOneThread = (experiment: Model['experiment']): Model['experiment'] => ({
  ...experiment,
  engine: { ...experiment.engine, threads: 1 },
});

class RowServer {
  private readonly form: FormEncoder;
  private source: RowSource | string | null = null;

  constructor(
    private readonly model: Model,
    private readonly engine: Engine,
  ) {
    this.form = new FormEncoder(model.encoder, process.cwd());
  }

  ready(): RowAnswer {
    const { encoder } = this.model;
    return { is: 'ready', columns: columnsOf(encoder), values: usualValues(encoder) };
  }

  /** Reads the run's own table. */
  async read(): Promise<RowAnswer> {
    const { experiment, experimentFile, encoder } = this.model;
    try {
      const { source, ...options } = tableToPredict(
        { sources: [], sql: undefined },
        experiment,
        experimentFile,
      );
      const labelled = { tasks: experiment.tasks, weight: undefined };
      this.source = await RowSource.open(encoder, source, { ...options, labelled });
      return { is: 'rows', rows: this.source.rows, why: null };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.source = describeInputError(error);
      return { is: 'rows', rows: null, why: this.source };
    }
  }

  async answer(request: RowRequest): Promise<RowAnswer> {
    const { id } = request;
    if (request.ask === 'predict') return this.predict(request);
    const { source } = this;
    if (!(source instanceof RowSource)) return { is: 'refused', id, why: source ?? 'there is no table' };
    const row = Math.max(0, Math.min(source.rows - 1, request.row ?? randomInt(source.rows)));
    return { is: 'row', id, row, ...(await source.row(row)) };
  }

  private async predict({ id, values, member }: Extract<RowRequest, { ask: 'predict' }>): Promise<RowAnswer> {
    const { rows, remarks } = await this.form.encode(values);
    const answer = { is: 'prediction' as const, id, remarks: [...remarks] };
    if (rows === null) return { ...answer, tasks: null, routes: [] };
    const { evaluation, routes } = this.evaluate(rows, member);
    return { ...answer, tasks: this.tasks(evaluation), routes };
  }

  private evaluate(rows: EncodedRows, member: number): { evaluation: MeanOfMembers; routes: number[][][] } {
    const { engine } = this;
    const { members, encoder, network } = this.model;
    const loaded = engine.load(rows);
    try {
      const evaluations = members.map((weights, at) => {
        engine.setWeights(weights);
        return engine.evaluate(loaded, Uint32Array.of(0), { routes: at === member });
      });
      const levels = evaluations[member]?.routes ?? [];
      const routes = network.levels.map(({ streams, experts }, level) =>
        streams.map((_, stream) => {
          const first = stream * experts.length;
          return Array.from(levels[level]?.subarray(first, first + experts.length) ?? []);
        }),
      );
      return { evaluation: meanOfMembers(evaluations, encoder.tasks), routes };
    } finally {
      loaded.release();
    }
  }

  private tasks(evaluation: MeanOfMembers): TaskPrediction[] {
    const { encoder, network, members } = this.model;
    const columns = predictionColumns(encoder, network, { gates: false, members: members.length });
    const valueOf = (name: string): number | null => {
      const value = columns.find((column) => column.name === name)?.values(evaluation)[0];
      return typeof value === 'number' ? value : null;
    };
    return encoder.tasks.map(({ name, kind, classes }) => ({
      ...{ task: name, kind },
      values: (kind === 'multiclass' ? (classes ?? []) : [null]).map((of) => {
        const column = of === null ? name : `${name}.${of}`;
        return {
          of: of ?? (kind === 'binary' ? (classes?.[1] ?? null) : null),
          value: valueOf(column) ?? 0,
          sd: valueOf(`${column}.sd`),
        };
      }),
    }));
  }
}

const columnsOf = (encoder: Encoder): RowColumn[] => [
  ...encoder.numeric.map(({ name, type, range }): RowColumn => ({
    kind: 'numeric',
    name,
    type,
    ...(range !== undefined && range),
  })),
  ...encoder.categorical.map((column): RowColumn => {
    const { name, type } = column;
    const { values } = ownerOf(encoder, column);
    return {
      ...{ kind: 'categorical', name, type },
      ...{ values: values.first(mostValues).filter((one) => one !== null), count: values.length },
    };
  }),
];

/** A row with the mean of each number, and some value of each category. */
const usualValues = (encoder: Encoder): RowValues =>
  Object.fromEntries<string | null>([
    ...encoder.numeric.map(({ name, type, fill }): [string, string | null] => [
      name,
      /^(DATE|TIME)/.test(type) ? null : String(Number(fill.toPrecision(6))),
    ]),
    ...encoder.categorical.map((column): [string, string | null] => [
      column.name,
      ownerOf(encoder, column).values.at(0),
    ]),
  ]);
