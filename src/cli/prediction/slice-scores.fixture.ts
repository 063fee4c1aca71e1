import type { Encoder } from '../../data/encode/encoder.js';

type Task = Encoder['tasks'][number];

/** A task with one output, called like its kind. */
export const exampleTask = (kind: 'binary' | 'regression', more: Partial<Task> = {}): Task => ({
  ...{ name: kind, kind, outputs: 1, lossWeight: 1, classes: null, positive: null },
  ...{ mean: null, sd: null, offset: 0, factor: 1 },
  ...more,
});
