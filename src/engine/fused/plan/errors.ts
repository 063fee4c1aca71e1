import { InputError } from '../../../shared/errors.js';

export const rowDoesNotFit = (row: number): InputError =>
  new InputError(
    'engine.rows',
    `row ${row + 1} of the encoded data holds a category or class that the network does not have; ` +
      'prepare the data anew',
  );

export const networkTooLarge = (): InputError =>
  new InputError(
    'engine.memory',
    'the network is too large for the fused engine: make model.experts or embeddings smaller, ' +
      'use fewer engine.threads, or set engine.use to "tensorflow"',
  );
