import * as v from 'valibot';
import { amount, count, described, partialShare, positive, setting } from './setting.js';
import { variantsWith } from './variants.js';

const topChoice = v.strictObject({
  top: described(count, 'How many experts a row gets: those with the largest logits.'),
  noisy: setting(v.boolean(), false, 'Whether learned noise is added to the logits in training.'),
  load: setting(
    amount,
    0,
    'With noisy: the factor of the load loss, which evens out how many rows each expert gets.',
  ),
});

const selectorChoice = v.strictObject({
  selectors: described(count, 'How many single-expert selectors are mixed.'),
  width: setting(positive, 1, 'The width γ of the smooth step between an expert’s bits.'),
  entropy: setting(
    amount,
    0,
    'The factor of the selectors’ entropy in the loss, which drives them to one expert each.',
  ),
});

/** The ways in which a gate chooses the experts that a row gets. */
export const gateChoiceSchema = v.union([
  described(v.literal('all'), 'Every expert, by softmax, as in the paper.'),
  described(topChoice, 'Top-k gating (Shazeer et al. 2017).'),
  described(selectorChoice, 'DSelect-k (Hazimeh et al. 2021).'),
]);

type WrittenChoice = v.InferOutput<typeof gateChoiceSchema>;

/** A gate's choice by its kind, which a file gives by the word or by the key that stands for it. */
type ChoiceByKind =
  | { readonly kind: 'all' }
  | ({ readonly kind: 'top' } & v.InferOutput<typeof topChoice>)
  | ({ readonly kind: 'selectors' } & v.InferOutput<typeof selectorChoice>);

/**
 * Returns a gate's choice by its kind. Code that depends on the kind switches over it, so that the compiler
 * leads from a new one to all of it.
 */
export function choiceByKind(choose: WrittenChoice): ChoiceByKind {
  if (choose === 'all') return { kind: 'all' };
  return 'top' in choose ? { kind: 'top', ...choose } : { kind: 'selectors', ...choose };
}

export const gatesSchema = v.strictObject({
  bias: setting(v.boolean(), false, 'Whether the logits have a bias; the paper has none.'),
  temperature: setting(
    positive,
    1,
    'The number that divides the gates’ logits; 1 in the paper. Larger: the experts weigh more alike.',
  ),
  layers: setting(
    v.pipe(v.array(count), v.maxLength(10_000)),
    [],
    'The units of each hidden ReLU layer of a gate; none in the paper.',
  ),
  dropout: setting(
    partialShare,
    0,
    'The chance that a gate leaves an expert out for a row in training; the rest is weighed anew (Zhao et ' +
      'al. 2019).',
  ),
  choose: setting(gateChoiceSchema, 'all', 'Which experts a row gets.'),
  balance: setting(
    amount,
    0,
    'The factor of the importance loss, which evens out the experts’ use (Shazeer et al. 2017).',
  ),
  exclude: setting(
    partialShare,
    0,
    `For ${variantsWith('gates.exclude').join(' and ')}: ` +
      'the share of the experts that each task does not see, drawn at random (Aoki et al. 2021).',
  ),
});
