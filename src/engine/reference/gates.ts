import type { GateDescription, SelectorChoice, TopChoice } from '../../network/description.js';
import { drawNormal, drawUniform, siteOf } from '../../network/draws/draws.js';
import { codeBits } from '../../network/parameters.js';
import { binaryEntropy, softmax, cvSquared, sum, type RowVectors } from './arithmetic.js';
import type { ForwardPass } from './forward-pass.js';
import { affine, runMlp } from './layers.js';
import { normalChance } from '../../shared/statistics/normal-chance.js';

/** Computes a gate's weights over all experts of its level: [rows, experts]. */
export function runGate(
  pass: ForwardPass,
  name: string,
  stream: RowVectors,
  gate: GateDescription,
  experts: number,
): RowVectors {
  const { layers = [], balance = 0 } = gate;
  const hidden = runMlp(pass, `${name}.layers`, '', stream, { layers, activation: 'relu' });
  const shares = sharesOf(pass, name, hidden, gate);
  if (pass.key !== null && balance > 0) pass.additions += balance * cvSquared(columnSums(shares));
  return shares.map((row) =>
    Array.from({ length: experts }, (_, e) => (gate.experts.includes(e) ? row[gate.experts.indexOf(e)]! : 0)),
  );
}

/** Computes the weights of the experts that a gate sees: [rows, seen]. */
function sharesOf(pass: ForwardPass, name: string, input: RowVectors, gate: GateDescription): RowVectors {
  const { choice } = gate;
  switch (choice?.kind) {
    case undefined:
      return softmaxOfLargest(pass, name, affine(pass, name, input, gate.experts.length), gate, Infinity);
    case 'top': {
      const logits = topLogits(pass, name, input, choice, gate.experts.length);
      return softmaxOfLargest(pass, name, logits, gate, choice.count);
    }
    case 'selectors':
      return select(pass, name, input, gate, choice);
  }
}

/** Says of each expert that a gate sees whether dropout leaves it in for row r. */
function kept({ key }: ForwardPass, name: string, r: number, gate: GateDescription): boolean[] {
  const { dropout = 0 } = gate;
  const seen = gate.experts.length;
  if (key === null || dropout === 0) return Array.from({ length: seen }, () => true);
  const site = siteOf(`${name}.dropout`);
  const left = Array.from({ length: seen }, (_, n) => drawUniform(key, site, r * seen + n) >= dropout);
  return left.includes(true) ? left : left.map(() => true);
}

/** Computes the logits of a top-k gate, with their noise, and adds their load loss. */
function topLogits(
  pass: ForwardPass,
  name: string,
  input: RowVectors,
  { count, noisy, load = 0 }: TopChoice,
  seen: number,
): RowVectors {
  const { key } = pass;
  const clean = affine(pass, name, input, seen);
  if (key === null || !noisy) return clean;
  const deviations = affine(pass, `${name}.noise`, input, seen).map((row) =>
    row.map((unit) => Math.log1p(Math.exp(unit))),
  );
  const site = siteOf(`${name}.noise`);
  const drawn = clean.map((row, r) =>
    row.map((logit, n) => logit + drawNormal(key, site, r * seen + n) * deviations[r]![n]!),
  );
  if (count < seen && load > 0) {
    const chances = clean.map((row, r) => chancesToBeChosen(pass, row, deviations[r]!, drawn[r]!, count));
    pass.additions += load * cvSquared(columnSums(chances));
  }
  return drawn;
}

/** Computes the softmax over the `count` largest logits of what dropout leaves in, and 0 for the others. */
function softmaxOfLargest(
  pass: ForwardPass,
  name: string,
  drawn: RowVectors,
  gate: GateDescription,
  count: number,
): RowVectors {
  return drawn.map((row, r) => {
    const logits = row.map((logit) => logit / gate.temperature);
    const left = kept(pass, name, r, gate);
    const order = descending(logits).filter((n) => left[n]);
    if (count < order.length) pass.near(logits[order[count - 1]!]! - logits[order[count]!]!);
    const chosen = order.slice(0, count);
    const shares = softmax(chosen.map((n) => logits[n]!));
    return logits.map((_, n) => (chosen.includes(n) ? shares[chosen.indexOf(n)]! : 0));
  });
}

/**
 * Computes each expert's chance that another draw of its noise would have it among the `count` largest
 * (Shazeer et al. 2017, appendix A, equations 8 and 9).
 */
function chancesToBeChosen(
  pass: ForwardPass,
  clean: readonly number[],
  deviations: readonly number[],
  drawn: readonly number[],
  count: number,
): number[] {
  const order = descending(drawn);
  // The threshold is another expert's logit from there on.
  for (let place = count - 1; place <= count + 1; place++) {
    if (place > 0 && place < order.length) pass.near(drawn[order[place - 1]!]! - drawn[order[place]!]!);
  }
  return clean.map((logit, n) => {
    const threshold = drawn[order[order.indexOf(n) < count ? count : count - 1]!]!;
    return normalChance((logit - threshold) / deviations[n]!);
  });
}

/** Computes the shares of DSelect-k (see SelectorChoice). */
function select(
  pass: ForwardPass,
  name: string,
  input: RowVectors,
  gate: GateDescription,
  choice: SelectorChoice,
): RowVectors {
  const seen = gate.experts.length;
  const bits = codeBits(seen);
  const codes = affine(pass, `${name}.selectors`, input, choice.count * bits);
  return affine(pass, name, input, choice.count).map((row, r) => {
    const selectors = softmax(row.map((logit) => logit / gate.temperature));
    const shares = Array.from({ length: seen }, () => 0);
    selectors.forEach((selector, s) => {
      const steps = codes[r]!.slice(s * bits, (s + 1) * bits).map((z) => smoothStep(pass, z, choice.width));
      if (pass.key !== null)
        pass.additions += (choice.entropy * sum(steps.map(binaryEntropy))) / input.length;
      for (let code = 0; code < 2 ** bits; code++) {
        const chance = steps.reduce((product, step, b) => product * ((code >> b) & 1 ? step : 1 - step), 1);
        shares[code % seen]! += selector * chance;
      }
    });
    const stays = kept(pass, name, r, gate);
    const left = sum(shares.filter((_, n) => stays[n]));
    // Where what is left in has no weight at all, nothing is left out.
    return left > 0 ? shares.map((share, n) => (stays[n] ? share / left : 0)) : shares;
  });
}

function smoothStep(pass: ForwardPass, t: number, width: number): number {
  pass.near(Math.abs(t) - width / 2);
  if (t <= -width / 2) return 0;
  if (t >= width / 2) return 1;
  return (-2 * t ** 3) / width ** 3 + (3 * t) / (2 * width) + 0.5;
}

/** Returns the places of the values, the largest first; ties go to the lower place. */
const descending = (values: readonly number[]): number[] =>
  [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);

const columnSums = (matrix: RowVectors): number[] =>
  matrix[0]!.map((_, n) => sum(matrix.map((row) => row[n]!)));
