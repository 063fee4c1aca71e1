import { installTensorflow } from '../../engine/tensorflow/install/install.js';
import { stdout } from '../terminal/terminal.js';

export interface InstallTensorflowOptions {
  readonly wheel?: string;
  readonly sha256?: string;
  readonly index?: string;
  readonly force?: boolean;
}

export async function installTensorflowCommand(options: InstallTensorflowOptions): Promise<void> {
  await installTensorflow({ ...options, onProgress: (text) => stdout.line(text) });
}
