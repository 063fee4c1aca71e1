import type { Engine, EngineOptions } from './engine.js';

/**
 * The engine that an experiment asks for; `auto` is the fused one, and TensorFlow where none of its kernels
 * loads. Nothing heavy is loaded before this is called.
 */
export async function createEngine(
  use: 'auto' | 'fused' | 'tensorflow',
  options: EngineOptions,
): Promise<Engine> {
  if (use === 'tensorflow') return createTensorflow(options);
  const { createFusedEngine, NoKernelError } = await import('./fused/engine.js');
  try {
    return await createFusedEngine(options);
  } catch (error) {
    if (use === 'fused' || !(error instanceof NoKernelError)) throw error;
    const engine = await createTensorflow(options);
    return Object.assign(engine, {
      info: { ...engine.info, why: [error.message, engine.info.why].filter((why) => why !== '').join('; ') },
    });
  }
}

async function createTensorflow(options: EngineOptions): Promise<Engine> {
  const { createTensorflowEngine } = await import('./tensorflow/tensorflow.js');
  return createTensorflowEngine(options);
}
