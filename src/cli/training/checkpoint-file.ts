import { doLater } from '../../run/files/file-work.js';
import { readIfThere } from '../../run/files/run-file.js';
import { InputError } from '../../shared/errors.js';
import { requireWhole } from '../../training/checkpoint/checksum.js';

/**
 * Reads a checkpoint of a run; null: there is none. Throws InputError, with the file, where its bytes are not
 * those that were written.
 */
export async function readCheckpoint(path: string): Promise<Uint8Array | null> {
  const bytes = await doLater(readIfThere(path));
  if (bytes === null) return null;
  try {
    requireWhole(bytes);
  } catch (error) {
    throw error instanceof InputError ? new InputError(error.code, error.message, { file: path }) : error;
  }
  return bytes;
}
