import { flag, integer, list, operationOf, part, place, rows, structure } from './kinds.js';

const oneHotField = structure(
  'one_hot_field',
  'A one-hot, piecewise or listed field, and where its rows of the weight begin.',
  {
    field: integer('column of the categorical values'),
    firstRow: integer('row of the weight for category 0'),
  },
);

const kept = structure(
  'kept',
  'A section of what is kept of each row of the batch (tables/kept.h), from a column on.',
  {
    before: integer('floats of a row in the sections before it'),
    stride: integer('floats of a row in this one'),
    column: integer('the first column'),
  },
);

const periodicOperands = {
  x: rows('scratch', '[rows]: the column'),
  frequencies: place('arena', '[count]: c'),
  count: integer('frequencies'),
  sines: rows('arena', '[width, count]: A'),
  cosines: rows('arena', '[width, count]: B'),
  width: integer('of the embedding'),
  y: rows('scratch', '[rows, width]'),
};

/** Operations that bring encoded rows into a block, and gradients back to what they chose. */
export const inputOperations = {
  gatherNumeric: operationOf('Copies the numeric columns of the block’s rows.', {
    to: rows('scratch', '[rows, numeric columns]'),
  }),
  gatherEmbedding: operationOf('Copies the embedding of each row’s category.', {
    field: integer('column of the categorical values'),
    table: rows('arena', '[categories, columns]'),
    columns: integer('width of an embedding'),
    to: rows('scratch', '[rows, columns]'),
    ahead: flag('the next block’s rows of the table are fetched into the cache meanwhile'),
  }),
  scatterEmbedding: operationOf('Adds each row’s gradient to that of its category’s embedding.', {
    field: integer('column of the categorical values'),
    dx: rows('scratch', '[rows, columns]'),
    columns: integer('width of an embedding'),
    gradient: rows('gradient', '[categories, columns]'),
  }),
  gatherLists: operationOf('Sums up the embeddings of each row’s list of values, each by its share.', {
    field: integer('column of the categorical values: places of lists'),
    table: rows('arena', '[categories, columns]'),
    columns: integer('width of an embedding'),
    to: rows('scratch', '[rows, columns]'),
  }),
  scatterLists: operationOf('Adds each row’s gradient, by share, to those of its list’s embeddings.', {
    field: integer('column of the categorical values: places of lists'),
    dx: rows('scratch', '[rows, columns]'),
    columns: integer('width of an embedding'),
    gradient: rows('gradient', '[categories, columns]'),
  }),
  keepRows: operationOf('Keeps gradients of the block’s rows until rows of tables are updated.', {
    from: rows('scratch', '[rows, columns]'),
    columns: integer('columns'),
    to: part(kept),
    add: flag('they are added to what is kept'),
  }),
  clearKept: operationOf('Sets what is kept of the block’s rows to 0.', {
    columns: integer('columns'),
    to: part(kept),
  }),
  sumWeightRows: operationOf('Sums up the bias and the weight’s rows that the one-hot fields choose.', {
    bias: place('arena', '[columns]'),
    w: rows('arena', '[rows of the weight, columns]'),
    columns: integer('columns of the weight'),
    to: rows('scratch', '[rows, columns]'),
    fields: list(oneHotField),
  }),
  scatterWeightRows: operationOf('Adds each row’s dz to the gradients of the weight’s rows it chose.', {
    dz: rows('scratch', '[rows, columns]'),
    columns: integer('columns of the weight'),
    gradient: rows('gradient', '[rows of the weight, columns]'),
    fields: list(oneHotField),
  }),
  addPlacedRows: operationOf(
    'Adds the weight’s two rows that each piecewise field lies between, by its share.',
    {
      w: rows('arena', '[rows of the weight, columns]'),
      columns: integer('columns of the weight'),
      to: rows('scratch', '[rows, columns]'),
      fields: list(oneHotField),
    },
  ),
  scatterPlacedRows: operationOf(
    'Adds each row’s dz, by share, to the gradients of the rows it lay between.',
    {
      dz: rows('scratch', '[rows, columns]'),
      columns: integer('columns of the weight'),
      gradient: rows('gradient', '[rows of the weight, columns]'),
      fields: list(oneHotField),
    },
  ),
  addListedRows: operationOf(
    'Adds the weight’s rows that the values of each field’s list choose, by share.',
    {
      w: rows('arena', '[rows of the weight, columns]'),
      columns: integer('columns of the weight'),
      to: rows('scratch', '[rows, columns]'),
      fields: list(oneHotField),
    },
  ),
  scatterListedRows: operationOf(
    'Adds each row’s dz, by share, to the gradients of the rows its lists chose.',
    {
      dz: rows('scratch', '[rows, columns]'),
      columns: integer('columns of the weight'),
      gradient: rows('gradient', '[rows of the weight, columns]'),
      fields: list(oneHotField),
    },
  ),
  periodic: operationOf('Computes relu(A sin(2π c x) + B cos(2π c x) + b) of a numeric column x.', {
    ...periodicOperands,
    bias: place('arena', '[width]'),
  }),
  periodicBackward: operationOf('Adds the gradients by c, A, B and b, from dy and what y is.', {
    ...periodicOperands,
    dy: rows('scratch', '[rows, width]'),
    frequenciesGradient: place('gradient', '[frequencies]'),
    sinesGradient: rows('gradient', '[width, frequencies]'),
    cosinesGradient: rows('gradient', '[width, frequencies]'),
    biasGradient: place('gradient', '[width]'),
  }),
  interact: operationOf('Pools the products of a row’s embeddings.', {
    e: rows('scratch', '[rows, count · width]'),
    count: integer('embeddings'),
    width: integer('of each'),
    y: rows('scratch', '[rows, width]'),
  }),
  interactBackward: operationOf('Adds the gradients by the embeddings that were pooled.', {
    e: rows('scratch', '[rows, count · width]'),
    count: integer('embeddings'),
    width: integer('of each'),
    dy: rows('scratch', '[rows, width]'),
    de: rows('scratch', '[rows, count · width]'),
  }),
};
