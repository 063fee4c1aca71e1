import type { Engine, EngineOptions } from './engine.js';

/** The engine that an experiment asks for; `auto` takes the fastest that loads. Nothing heavy is loaded before this is called. */
export async function createEngine(use: 'auto' | 'fused' | 'tensorflow', options: EngineOptions): Promise<Engine> {
  if (use === 'fused') throw new Error('the fused engine is not part of this build: set engine.use to "auto" or "tensorflow"');
  const { createTensorflowEngine } = await import('./tensorflow/tensorflow.js');
  return createTensorflowEngine(options);
}
