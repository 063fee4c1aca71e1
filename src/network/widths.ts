import type {
  FieldDescription,
  InputDescription,
  LevelDescription,
  NetworkDescription,
} from './description.js';

/** Returns how many columns of the encoded row a field takes. */
export function fieldWidth(field: FieldDescription): number {
  return typeof field.encode === 'object' ? field.encode.embedding : field.size;
}

/**
 * The layout of the encoded row that the first level reads: columns 0 … numeric − 1 are the numeric ones,
 * then each field follows in order, then the fields' interactions, then the periodic embeddings. Row `offsets[f] + index` of a first
 * layer's weight [width, out] belongs to value `index` of a one-hot field f.
 */
export interface InputLayout {
  readonly width: number;
  /** The first column of each field. */
  readonly offsets: readonly number[];
  /** The first column of the fields' interactions. */
  readonly interactions: number;
  /** The first column of each periodic embedding. */
  readonly periodic: readonly number[];
}

export function inputLayout(input: InputDescription): InputLayout {
  let width = input.numeric;
  const offsets = input.fields.map((field) => {
    const offset = width;
    width += fieldWidth(field);
    return offset;
  });
  const interactions = width;
  width += interactionsWidth(input);
  const periodic = (input.periodic ?? []).map((embedding) => {
    const offset = width;
    width += embedding.width;
    return offset;
  });
  return { width, offsets, interactions, periodic };
}

/** Returns how many columns of the encoded row the fields' interactions take. */
export function interactionsWidth({ fields, interactions }: InputDescription): number {
  switch (interactions) {
    case undefined:
      return 0;
    case 'fm': {
      const embedded = fields.find(({ encode }) => typeof encode === 'object');
      return embedded === undefined ? 0 : fieldWidth(embedded);
    }
  }
}

/** Returns the number of units that each expert of a level ends in: the width of the level's streams. */
export function levelWidth(level: LevelDescription): number {
  return level.experts[0]?.layers.at(-1) ?? 0;
}

/** Returns the width of the streams that level `index` reads. */
export function sourceWidth(network: NetworkDescription, index: number): number {
  const below = network.levels[index - 1];
  return below === undefined ? inputLayout(network.input).width : levelWidth(below);
}

/** Returns the width of the streams that the towers read. */
export function topWidth(network: NetworkDescription): number {
  return sourceWidth(network, network.levels.length);
}
