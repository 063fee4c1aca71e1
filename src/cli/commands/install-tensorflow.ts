import { installTensorflow } from '../../engine/tensorflow/install/install.js';
import { stdout } from '../terminal/terminal.js';

export interface InstallOptions {
  readonly wheel?: string;
  readonly index?: string;
  readonly force?: boolean;
}

export async function installTensorflowCommand(options: InstallOptions): Promise<void> {
  await installTensorflow({ ...options, onProgress: (text) => stdout.line(text) });
}
