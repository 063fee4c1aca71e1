import { resolve } from 'node:path';
import { writeSampleWorkspace } from '../../../data/sample/sample.js';
import { makeFolders } from '../../../run/create-run.js';
import { stdout } from '../../terminal/terminal.js';

/** Makes a folder with experiments to try. */
export async function sampleCommand(folder: string): Promise<void> {
  const path = resolve(folder);
  await makeFolders(path);
  const kept = await writeSampleWorkspace(path);
  stdout.line(`wrote a sample workspace to ${path}`);
  for (const name of kept) stdout.line(`${name} was there already, with changes, and is left as it is`);
}
