import { encodeSource } from '../../data/encode/encode-source.js';
import type { Encoder } from '../../data/encode/encoder.js';
import type { Experiment } from '../../experiment/schema.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { InputError } from '../../shared/errors.js';

type Batches = AsyncGenerator<{ rows: EncodedRows; firstRow: number }>;

/**
 * The encoded rows of a table to predict. Where the experiment names its columns because its own table has no
 * header line, the new table may have one all the same (`mmoe data` writes one): a header that names the
 * columns counts.
 */
export async function* newRows(
  encoder: Encoder,
  source: string,
  options: { folder: string; workspace: string; read: Experiment['data']['read']; batchRows: number },
): Batches {
  const { header, names, ...rest } = options.read ?? {};
  if (header === undefined && names === undefined) {
    yield* encodeSource(encoder, source, options);
    return;
  }
  const withHeader = await begin(encodeSource(encoder, source, { ...options, read: rest }));
  if (!(withHeader instanceof InputError)) {
    yield* withHeader;
    return;
  }
  const asTrained = await begin(encodeSource(encoder, source, options));
  if (!(asTrained instanceof InputError)) yield* asTrained;
  else throw withHeader.code === 'data.no-column' ? asTrained : withHeader;
}

/** Everything that can be wrong with the columns is found before the first batch. */
async function begin(batches: Batches): Promise<Batches | InputError> {
  let first;
  try {
    first = await batches.next();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  return again(first, batches);
}

async function* again(first: Awaited<ReturnType<Batches['next']>>, rest: Batches): Batches {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
