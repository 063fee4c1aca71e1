import type { Encoder } from '../../data/encode/encoder.js';
import type { TableColumn } from '../../data/duckdb/append-table.js';

type Task = Pick<Encoder['tasks'][number], 'name' | 'kind' | 'classes'>;

/**
 * Averages the tables of predictions that several runs make of the same rows, part by part: after each number
 * comes the standard deviation over the runs (n − 1) as `.sd`, and the class is the likeliest by the mean. The
 * first `kept` columns are those of the table itself, which the first run's parts have.
 */
export async function* meanOfRuns(
  runs: readonly AsyncGenerator<TableColumn[]>[],
  tasks: readonly Task[],
  kept: number,
): AsyncGenerator<TableColumn[]> {
  try {
    for (;;) {
      const parts: TableColumn[][] = [];
      for (const run of runs) {
        const next = await run.next();
        if (next.done === true) {
          if (parts.length > 0) throw new Error('the runs were given other rows');
          return;
        }
        parts.push(next.value);
      }
      const [first, ...others] = parts as [TableColumn[], ...TableColumn[][]];
      const predictions = [first.slice(kept), ...others];
      yield [...first.slice(0, kept), ...tasks.flatMap((task) => meanOfTask(task, predictions))];
    }
  } finally {
    for (const run of runs) await run.return(undefined);
  }
}

function meanOfTask({ name, kind, classes }: Task, runs: readonly TableColumn[][]): TableColumn[] {
  if (kind !== 'multiclass') return meanAndSd(name, runs);
  const labels = classes ?? [];
  const columns = labels.map((label) => meanAndSd(`${name}.${label}`, runs));
  const means = columns.map(([mean]) => numbersOf(mean!));
  const likeliest = Array.from({ length: means[0]?.length ?? 0 }, (_, row) => {
    let best = 0;
    means.forEach((values, at) => {
      if (values[row]! > means[best]![row]!) best = at;
    });
    return labels[best]!;
  });
  return [{ name, values: likeliest }, ...columns.flat()];
}

function meanAndSd(name: string, runs: readonly TableColumn[][]): TableColumn[] {
  const values = runs.map((columns) => numbersOf(columns.find((column) => column.name === name)!));
  const rows = values[0]!.length;
  const mean = Float64Array.from({ length: rows }, (_, row) =>
    values.reduce((sum, one) => sum + one[row]! / values.length, 0),
  );
  const sd = Float64Array.from({ length: rows }, (_, row) =>
    Math.sqrt(values.reduce((sum, one) => sum + (one[row]! - mean[row]!) ** 2, 0) / (values.length - 1)),
  );
  return [
    { name, values: mean },
    { name: `${name}.sd`, values: sd },
  ];
}

function numbersOf({ name, values }: TableColumn): Float64Array {
  if (values instanceof Float64Array) return values;
  throw new Error(`${name} is no column of numbers`);
}
