import * as v from 'valibot';
import { inputOf, numericNames, type Encoder } from '../../data/encode/encoder.js';
import type { OptimizerState } from '../../engine/engine.js';
import { modelSchema } from '../../experiment/schema/model.js';
import type { NamedNetwork } from '../../network/carry.js';
import type { NamedArrays } from '../../network/parameters.js';
import { buildNetwork } from '../../network/variants.js';
import { InputError } from '../../shared/errors.js';
import { seal, unsealed } from '../checkpoint/checksum.js';
import { decodeSafeTensors, encodeSafeTensors } from '../checkpoint/safetensors.js';

/** A run that another one starts from. */
export interface Earlier extends v.InferOutput<typeof aboutSchema> {
  readonly encoder: Encoder;
  /** Of all members. */
  readonly weights: NamedArrays;
  readonly optimizer: OptimizerState;
}

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const aboutSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** The epoch whose weights these are. */
  epoch: whole,
  model: modelSchema,
  members: v.pipe(whole, v.minValue(1)),
});

/** Returns the network of an earlier run. */
export function networkOf({ model, encoder }: Pick<Earlier, 'model' | 'encoder'>): NamedNetwork {
  return {
    network: buildNetwork(model, inputOf(encoder), encoder.tasks),
    numeric: numericNames(encoder),
  };
}

const formatName = 'mmoe-earlier-1';
const momentPrefix = 'optimizer.';

/** Encodes weights and moments of an earlier run as a safetensors file; its encoder has one of its own. */
export function encodeEarlier({ id, name, epoch, model, members, weights, optimizer }: Earlier): Uint8Array {
  const arrays: NamedArrays = new Map(weights);
  for (const [parameter, moment] of optimizer.moments) arrays.set(momentPrefix + parameter, moment);
  const metadata = new Map([
    unsealed,
    ['format', formatName],
    ['about', JSON.stringify({ id, name, epoch, model, members })],
    ['step', String(optimizer.step)],
  ]);
  return seal(encodeSafeTensors({ arrays, metadata }));
}

/** Reads what `encodeEarlier` has written, whose checksum has been checked. */
export function decodeEarlier(bytes: Uint8Array, encoder: Encoder): Earlier {
  const { arrays, metadata } = decodeSafeTensors(bytes);
  const about = v.safeParse(v.pipe(v.string(), v.parseJson(), aboutSchema), metadata.get('about'));
  if (!about.success || metadata.get('format') !== formatName)
    throw new InputError(
      'checkpoint.malformed',
      'what this run has started from cannot be read; train it anew',
    );
  const weights: NamedArrays = new Map();
  const moments: NamedArrays = new Map();
  for (const [name, array] of arrays)
    if (name.startsWith(momentPrefix)) moments.set(name.slice(momentPrefix.length), array);
    else weights.set(name, array);
  return { ...about.output, encoder, weights, optimizer: { step: Number(metadata.get('step')), moments } };
}
