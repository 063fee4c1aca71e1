import { createReadStream, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../shared/errors.js';
import { formatCount } from '../../shared/numbers.js';
import { censusColumns } from '../../study/paper/census-study.js';

/** The files of Census-Income (KDD), and how many rows they have. */
const files = {
  train: { name: 'census-income.data', rows: 199_523 },
  test: { name: 'census-income.test', rows: 99_762 },
} as const;

/** The paths of the files, relative to the folder in which the program was called. */
export interface CensusFiles {
  readonly train: string;
  readonly test: string;
}

/**
 * Looks for the files of Census-Income in a folder, compressed or not, and counts their rows and columns. Throws an
 * InputError that says which files there must be where one is missing, or is another.
 */
export async function findCensus(folder: string): Promise<CensusFiles> {
  const [train, test] = [pathOf(folder, files.train.name), pathOf(folder, files.test.name)];
  if (train === null || test === null)
    throw new InputError('paper.data', whatIsNeeded(folder), { file: folder });
  await check(train, files.train.rows);
  await check(test, files.test.rows);
  return { train: relative('.', train), test: relative('.', test) };
}

function pathOf(folder: string, name: string): string | null {
  return [`${name}.gz`, name].map((one) => join(folder, one)).find((path) => existsSync(path)) ?? null;
}

function whatIsNeeded(folder: string): string {
  const missing = Object.values(files).flatMap(({ name }) =>
    pathOf(folder, name) === null ? [`${name} (or ${name}.gz)`] : [],
  );
  return (
    `this table needs Census-Income (KDD) of the UCI Machine Learning Repository, and ${missing.join(' and ')} ` +
    `${missing.length === 1 ? 'is' : 'are'} not here; download it, unpack it into this folder, or name its folder ` +
    'with --data'
  );
}

async function check(path: string, rows: number): Promise<void> {
  const bytes = createReadStream(path);
  const input = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  // A pipe does not hand errors on.
  bytes.on('error', (error) => input.destroy(error));
  let found = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line === '') continue;
      found++;
      const columns = line.split(',').length;
      if (columns !== censusColumns.length) {
        const message = `a row has ${formatCount(columns)} columns, and Census-Income has ${censusColumns.length}`;
        throw new InputError('paper.data', message, { file: path, line: found });
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError('paper.data', 'this file cannot be read; download it again', { file: path }, error);
  }
  if (found !== rows) {
    const message = `this file has ${formatCount(found)} rows, and the paper's has ${formatCount(rows)}; download it again`;
    throw new InputError('paper.data', message, { file: path });
  }
}
