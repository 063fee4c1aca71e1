import { encodeSource, type NewRows, type NewRowsOptions } from '../../data/encode/encode-source.js';
import type { Encoder } from '../../data/encode/encoder.js';
import { InputError } from '../../shared/errors.js';
import type { TableToPredict } from './table-to-predict.js';

type Batches = AsyncGenerator<NewRows>;

/**
 * The encoded rows of a table to predict. Where the experiment names its columns because its own table has no
 * header line, a new table may have one all the same (`mmoe data` writes one): a header that names the columns
 * counts.
 */
export async function* newRows(
  encoder: Encoder,
  table: TableToPredict,
  more: Omit<NewRowsOptions, 'folder' | 'workspace' | 'read'>,
): Batches {
  const { source, folder, workspace, read = {}, own } = table;
  const options = { folder, workspace, ...more };
  const { header, names, ...rest } = read;
  if (own || (header === undefined && names === undefined)) {
    yield* encodeSource(encoder, source, { ...options, read });
    return;
  }
  const withHeader = await begin(encodeSource(encoder, source, { ...options, read: rest }));
  if (!(withHeader instanceof InputError)) {
    yield* withHeader;
    return;
  }
  const asTrained = await begin(encodeSource(encoder, source, { ...options, read }));
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
