import { resolve } from 'node:path';
import { writeSampleWorkspace } from '../../data/sample.js';
import { stdout } from '../terminal.js';

/** Makes a folder with experiments to try. */
export async function sampleCommand(folder: string): Promise<void> {
  const path = resolve(folder);
  await writeSampleWorkspace(path);
  stdout.line(`wrote a sample workspace to ${path}`);
}
