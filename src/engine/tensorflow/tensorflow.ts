import { countParameters } from '../../network/parameters.js';
import type { Engine, EngineOptions } from '../engine.js';
import { TensorflowEngine } from './engine.js';
import { openTarget, type TargetName } from './backend/target.js';

/**
 * Below it, TensorFlow's own threads cost more than they gain (measured: 52 against 37 thousand rows/s at
 * batch 256).
 */
const SMALL_MODEL = 1_000_000;

/** Makes the engine on the fastest target that loads, or on `only`. */
export async function createTensorflowEngine(options: EngineOptions, only?: TargetName): Promise<Engine> {
  const threads = countParameters(options.description).total < SMALL_MODEL ? 1 : options.threads;
  return new TensorflowEngine(options, await openTarget({ threads, only }));
}
