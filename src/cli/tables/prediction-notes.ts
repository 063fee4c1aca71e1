import type { Encoder } from '../../data/encode/encoder.js';

/** What a table of predictions is, for whoever reads it later: `FILE.json`, and in a Parquet file's metadata. */
export interface PredictionNotes {
  readonly format: 1;
  readonly run: RunNotes;
  /** Further runs, where the predictions are the mean of several runs'. */
  readonly and?: readonly RunNotes[];
  readonly tasks: readonly TaskNotes[];
}

interface RunNotes {
  readonly id: string;
  readonly name: string;
  readonly epoch: number;
  readonly members?: number;
}

interface TaskNotes {
  readonly task: string;
  readonly kind: Encoder['tasks'][number]['kind'];
  /** The column of the table that has the probability, the value, or the likeliest class. */
  readonly column: string;
  /** The value whose probability it is, and the other one (binary). */
  readonly positive?: string;
  readonly negative?: string;
  /** The classes, whose probabilities are in `COLUMN.CLASS` (multiclass). */
  readonly classes?: readonly string[];
}

export function predictionNotes(
  { tasks }: Encoder,
  run: RunNotes,
  others: readonly RunNotes[] = [],
): PredictionNotes {
  return { format: 1, run, ...(others.length > 0 && { and: others }), tasks: tasks.map(taskNotes) };
}

function taskNotes({ name, kind, classes }: Encoder['tasks'][number]): TaskNotes {
  const common = { task: name, kind, column: name };
  const [negative, positive] = classes ?? [];
  if (kind === 'binary' && positive !== undefined && negative !== undefined)
    return { ...common, positive, negative };
  return kind === 'multiclass' && classes !== null ? { ...common, classes } : common;
}
