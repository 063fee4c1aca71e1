import type { GateDescription, SelectorChoice } from '../../../network/description.js';
import { codeBits } from '../../../network/parameters.js';
import type { Context } from './context.js';
import type { LinearOutputs } from './layers.js';
import { product, row } from './ops.js';
import type { Tensor, Tensor2D, Tensor3D, Tf } from '../backend/tf.js';

/**
 * Computes the shares of DSelect-k (see SelectorChoice), [rows, seen], from the selectors' logits and the
 * bits' z.
 */
export function runSelectors(
  context: Context,
  gate: GateDescription,
  choice: SelectorChoice,
  heads: LinearOutputs,
  name: string,
): Tensor2D {
  const { tf, pass } = context;
  const seen = gate.experts.length;
  const bits = codeBits(seen);
  const logits = heads.of(name);
  const z = heads.of(`${name}.selectors`);
  const [rows] = logits.shape;
  const selectors = tf.softmax(tf.mul<Tensor2D>(logits, 1 / gate.temperature));
  const steps: Tensor3D = tf.reshape(smoothStep(tf, z, choice.width), [rows, choice.count, bits]);
  if (pass !== null && choice.entropy > 0)
    pass.additions.push(tf.mul(tf.sum(binaryEntropy(tf, steps)), choice.entropy / rows));
  const byCode = row(
    tf,
    tf.matMul<Tensor3D>(tf.reshape(selectors, [rows, 1, choice.count]), codeChances(tf, steps)),
    0,
  );
  const experts = context.constant(`codes ${name}`, () =>
    tf.tensor2d(expertsOfCodes(2 ** bits, seen), [2 ** bits, seen]),
  );
  const shares = product(tf, byCode, experts);
  const { dropout = 0 } = gate;
  if (pass === null || dropout === 0) return shares;
  return amongKept(tf, shares, pass.keptExperts(`${name}.dropout`, dropout, rows, seen));
}

/** S(t) = −2 t³/γ³ + 3 t/(2 γ) + ½, held within the step's ends. */
function smoothStep(tf: Tf, z: Tensor2D, width: number): Tensor2D {
  const t = tf.clipByValue(z, -width / 2, width / 2);
  const cubic = tf.mul(tf.mul(tf.square(t), t), -2 / width ** 3);
  // The ends are 0 and 1 but for rounding.
  return tf.clipByValue(tf.add<Tensor2D>(tf.add(cubic, tf.mul(t, 3 / (2 * width))), 0.5), 0, 1);
}

/** Π_b of S(z_b) or 1 − S(z_b), by each code's bits: [rows, selectors, codes]. */
function codeChances(tf: Tf, steps: Tensor3D): Tensor3D {
  const [rows, count, bits] = steps.shape;
  const bit = (b: number) => tf.slice(steps, [0, 0, b], [rows, count, 1]);
  // Each bit doubles the codes: first all with the bit clear, then all with it set.
  return Array.from({ length: bits - 1 }, (_, b) => b + 1).reduce(
    (chances, b) =>
      tf.concat([tf.mul<Tensor3D>(chances, tf.sub(1, bit(b))), tf.mul<Tensor3D>(chances, bit(b))], 2),
    tf.concat([tf.sub<Tensor3D>(1, bit(0)), bit(0)], 2),
  );
}

/** [codes, seen]: 1 for the expert that a code stands for. */
function expertsOfCodes(codes: number, seen: number): Float32Array {
  const matrix = new Float32Array(codes * seen);
  for (let code = 0; code < codes; code++) matrix[code * seen + (code % seen)] = 1;
  return matrix;
}

/** The kept experts' shares, divided by their sum; all shares, where the kept ones have no weight at all. */
function amongKept(tf: Tf, shares: Tensor2D, kept: Float32Array): Tensor2D {
  const values = shares.dataSync();
  const seen = shares.shape[1];
  for (let first = 0; first < kept.length; first += seen) {
    const left = kept.subarray(first, first + seen).some((one, n) => one === 1 && values[first + n]! > 0);
    if (!left) kept.fill(1, first, first + seen);
  }
  const masked = tf.mul<Tensor2D>(shares, tf.tensor2d(kept, shares.shape));
  return tf.div(masked, tf.sum(masked, 1, true));
}

/** −p log p − (1 − p) log(1 − p), in nats. */
function binaryEntropy(tf: Tf, p: Tensor): Tensor {
  // 0 · log 0 is 0; at the ends p does not move, and a finite derivative keeps its product with that 0 a 0.
  const term = (share: Tensor) => tf.mul(share, tf.log(tf.add(share, 1e-30)));
  return tf.neg(tf.add(term(p), term(tf.sub(1, p))));
}
