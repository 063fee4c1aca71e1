import { installTensorFlow } from '../../engine/tensorflow/install.js';
import { stdout } from '../terminal.js';

export async function installTensorFlowCommand(): Promise<void> {
  await installTensorFlow((text) => stdout.line(text));
}
