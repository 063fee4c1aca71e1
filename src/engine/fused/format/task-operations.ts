import { float, integer, list, oneOf, operationOf, optionalPlace, place, rows, structure } from './kinds.js';
import { lossKind } from './numbers.js';

const flatRow = structure('flat_row', 'A row of one of the parameters.', {
  at: place('parameters', '[columns]'),
});

/** Operations above the towers: losses, predictions, what evaluation copies out, and the distance term. */
export const taskOperations = {
  loss: operationOf('Adds up a task’s loss, and computes its gradient by what the tower gives.', {
    kind: oneOf(lossKind, 'enum loss'),
    task: integer('number of the task'),
    outputs: integer('columns of z'),
    z: rows('scratch', '[rows, outputs]'),
    dz: rows('scratch', '[rows, outputs]'),
  }),
  predict: operationOf('Writes a task’s predictions, row after row of the call.', {
    kind: oneOf(lossKind, 'enum loss'),
    outputs: integer('columns of z'),
    z: rows('scratch', '[rows, outputs]'),
    to: place('arena', '[rows of the call, outputs]'),
  }),
  copyRoute: operationOf('Writes the weights of one expert in one stream: to[row, column] = p[row].', {
    p: optionalPlace('scratch', '[rows]; without it zeros'),
    to: rows('arena', '[rows of the call, streams · experts]'),
    column: integer('column of `to`'),
  }),
  copyExpert: operationOf('Writes the outputs of one expert.', {
    h: rows('scratch', '[rows, width]'),
    width: integer('columns'),
    to: rows('arena', '[rows of the call, experts · width], from the expert’s first column on'),
  }),
  distance: operationOf('Adds the gradient of the distance between the same row of several parameters.', {
    factor: float('2 · strength'),
    columns: integer('columns of a row'),
    places: list(flatRow),
  }),
};
