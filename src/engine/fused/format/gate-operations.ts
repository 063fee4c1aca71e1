import { flag, float, integer, operationOf, optionalPlace, part, place, rows, structure } from './kinds.js';

const selectors = structure('selector_gate', 'A gate of selectors (gates/selectors.h).', {
  a: rows('scratch', '[rows, count], the selectors’ logits'),
  c: rows('scratch', '[rows, count · bits], the codes'),
  count: integer('selectors'),
  bits: integer('of a code'),
  experts: integer('experts that the gate may see'),
  inverseTemperature: float('1 / temperature'),
  inverseWidth: float('1 / γ, the width of the smooth step'),
  p: place('scratch', '[experts, rows], the weights'),
  sigma: place('scratch', '[count, rows], the selectors’ own weights'),
  scale: place('scratch', '[rows], what dropout divided by'),
  work: place('scratch', '2^(bits + 1) vectors'),
});

/** Operations of gates and other routes. Weights lie expert by expert, a row of a full block's rows each. */
export const gateOperations = {
  gate: operationOf('Weighs the experts by a softmax.', {
    z: rows('scratch', '[rows, experts]'),
    experts: integer('experts that the gate may see'),
    inverseTemperature: float('1 / temperature'),
    p: place('scratch', '[experts, rows]'),
  }),
  gateBackward: operationOf('Computes the gradient by the logits of any softmax over experts.', {
    p: place('scratch', '[experts, rows]'),
    dp: place('scratch', '[experts, rows]'),
    experts: integer('experts that the gate may see'),
    inverseTemperature: float('1 / temperature'),
    dz: rows('scratch', '[rows, experts]'),
  }),
  constants: operationOf('Gives all rows the same weights.', {
    values: place('arena', '[experts]'),
    experts: integer('experts that the route may see'),
    p: place('scratch', '[experts, rows]'),
  }),
  constantsBackward: operationOf('Adds the gradients of weights that all rows have.', {
    dp: place('scratch', '[experts, rows]'),
    experts: integer('experts that the route may see'),
    gradient: place('gradient', '[experts]'),
  }),
  choice: operationOf('Weighs the experts that are left, or chosen, by a softmax over them.', {
    z: rows('scratch', '[rows, experts]'),
    experts: integer('experts that the gate may see'),
    inverseTemperature: float('1 / temperature'),
    p: place('scratch', '[experts, rows]'),
    count: integer('how many experts are chosen'),
    threshold: integer('dropout’s rate · 2^24, rounded up; 0: no dropout'),
    site: integer('of dropout: src/network/draws/draws.ts'),
  }),
  noise: operationOf('Adds noise to the logits; does nothing in evaluation.', {
    z: rows('scratch', '[rows, experts]'),
    u: rows('scratch', '[rows, experts], becomes what op_noise_backward multiplies with'),
    experts: integer('experts that the gate may see'),
    site: integer('of the noise: src/network/draws/draws.ts'),
  }),
  noiseBackward: operationOf('Computes the gradient by what scales the noise.', {
    dz: rows('scratch', '[rows, experts]'),
    u: rows('scratch', '[rows, experts], as op_noise left it'),
    experts: integer('experts that the gate may see'),
    du: rows('scratch', '[rows, experts]'),
  }),
  select: operationOf('Weighs the experts by selectors.', {
    of: part(selectors),
    threshold: integer('dropout’s rate · 2^24, rounded up; 0: no dropout'),
    site: integer('of dropout: src/network/draws/draws.ts'),
  }),
  selectBackward: operationOf('Computes the gradients by the selectors’ logits and codes.', {
    of: part(selectors),
    dp: optionalPlace('scratch', '[experts, rows], becomes the derivative by the undivided weights'),
    entropy: float('factor of the entropy’s mean over the batch'),
    da: rows('scratch', '[rows, count]'),
    dc: rows('scratch', '[rows, count · bits]'),
  }),
  importance: operationOf('Adds up a share’s weights, or its load, over the rows.', {
    p: place('scratch', '[experts, rows]'),
    experts: integer('experts that the gate may see'),
    sums: place('sums', '[experts]'),
  }),
  balance: operationOf('Adds the gradient of the importance loss.', {
    sums: place('sums', '[experts]'),
    factor: float('of the loss'),
    dp: place('scratch', '[experts, rows]'),
    experts: integer('experts that the gate may see'),
    add: flag('dp holds something already'),
  }),
  load: operationOf('Computes the chances of being chosen; before op_noise, not in evaluation.', {
    z: rows('scratch', '[rows, experts], without noise'),
    u: rows('scratch', '[rows, experts], what scales the noise'),
    experts: integer('experts that the gate may see'),
    count: integer('how many experts are chosen'),
    site: integer('of the noise: src/network/draws/draws.ts'),
    parts: place('scratch', '[LOAD_PARTS, experts, rows]'),
  }),
  loadBackward: operationOf('Adds the gradients of the load loss; after op_noise_backward.', {
    sums: place('sums', '[experts]'),
    factor: float('of the loss'),
    parts: place('scratch', '[LOAD_PARTS, experts, rows]'),
    experts: integer('experts that the gate may see'),
    u: rows('scratch', '[rows, experts], as op_noise left it'),
    dz: rows('scratch', '[rows, experts]'),
    du: rows('scratch', '[rows, experts]'),
  }),
};
