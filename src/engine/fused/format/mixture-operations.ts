import {
  controlOf,
  flag,
  float,
  integer,
  list,
  operationOf,
  optionalPlace,
  place,
  rows,
  structure,
} from './kinds.js';

const mixTerm = structure('mix_term', 'An expert’s output, and its weights in this stream.', {
  h: rows('scratch', '[rows, width]'),
  p: place('scratch', '[rows]'),
});
const mixGradientTerm = structure('mix_gradient_term', 'A stream that takes this expert.', {
  dout: rows('scratch', '[rows, width]'),
  p: place('scratch', '[rows]'),
  dp: optionalPlace('scratch', '[rows], the gradient by p'),
  add: flag('dp holds something already'),
});
const weights = structure('route_weights', 'The weights of an expert in one stream.', {
  p: place('scratch', '[rows]'),
});
const sparseTerm = structure('sparse_mix_term', 'A stream that may take this expert.', {
  out: rows('scratch', '[rows, width]'),
  p: place('scratch', '[rows]'),
});
const sparseGradientTerm = structure('sparse_gradient_term', 'A stream that takes this expert.', {
  dout: rows('scratch', '[rows, width]'),
  p: place('scratch', '[rows]'),
  dp: optionalPlace('scratch', '[rows], the gradient by p'),
});

const rowList = place('scratch', 'a list of rows: its length, then the rows’ numbers in the block');

/** Operations that mix experts' outputs into streams, for all rows of a block or for those of a list. */
export const mixtureOperations = {
  mix: operationOf('Sets a stream to the weighted sum of its experts.', {
    out: rows('scratch', '[rows, width]'),
    width: integer('columns'),
    terms: list(mixTerm),
  }),
  mixBackward: operationOf('Computes the gradients by an expert’s output and by its weights.', {
    h: rows('scratch', '[rows, width]'),
    dh: rows('scratch', '[rows, width]'),
    width: integer('columns'),
    floor: float('the expert’s: 0 for ReLU, −∞ for others'),
    terms: list(mixGradientTerm),
  }),
  chooseRows: operationOf('Lists the rows of the block that some stream takes an expert for.', {
    list: rowList,
    terms: list(weights),
  }),
  onRows: controlOf('Lets the operations up to op_off_rows work on the listed rows alone, side by side.', {
    list: rowList,
    index: place('scratch', 'the rows’ numbers in the loaded rows'),
    skip: integer('integers up to op_off_rows, for where the list is empty'),
  }),
  offRows: controlOf('Lets the operations work on all rows of the block again.', {}),
  gatherRows: operationOf('Copies the listed rows side by side.', {
    list: rowList,
    from: rows('scratch', '[rows, columns]'),
    columns: integer('columns'),
    to: rows('scratch', '[listed rows, columns]'),
  }),
  scatterRows: operationOf('Adds rows that lie side by side to the listed ones.', {
    list: rowList,
    from: rows('scratch', '[listed rows, columns]'),
    columns: integer('columns'),
    to: rows('scratch', '[rows, columns]'),
  }),
  mixRows: operationOf('Adds an expert’s weighted output to the listed rows of its streams.', {
    list: rowList,
    h: rows('scratch', '[listed rows, width]'),
    width: integer('columns'),
    terms: list(sparseTerm),
  }),
  mixRowsBackward: operationOf('Does what op_mix_backward does, for the listed rows.', {
    list: rowList,
    h: rows('scratch', '[listed rows, width]'),
    dh: rows('scratch', '[listed rows, width]'),
    width: integer('columns'),
    floor: float('the expert’s: 0 for ReLU, −∞ for others'),
    terms: list(sparseGradientTerm),
  }),
};
