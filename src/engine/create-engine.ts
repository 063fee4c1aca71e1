import type { Engine, EngineOptions } from './engine.js';

/**
 * The engine that an experiment asks for; `auto` is the fused one, and TensorFlow where none of its kernels
 * loads. `target` names a kernel of the fused engine; without it the fastest that loads is taken. Nothing heavy is
 * loaded before this is called.
 */
export async function createEngine(
  use: 'auto' | 'fused' | 'tensorflow',
  options: EngineOptions,
  target?: string,
): Promise<Engine> {
  if (use === 'tensorflow') return createTensorflow(options);
  const { createFusedEngine, NoKernelError } = await import('./fused/engine.js');
  try {
    return await createFusedEngine(options, target);
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
