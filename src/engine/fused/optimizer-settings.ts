import type { OptimizerSettings } from '../engine.js';
import type { StructMemory } from './format/kinds.js';
import { writeOptimizer } from './format/plan-header.js';

/** Writes the kernel's settings for step t, the first of which is 1 (kernel/training/optimizer.h). */
export function setOptimizer(
  memory: StructMemory,
  settings: OptimizerSettings,
  t: number,
  rate: number,
): void {
  const { beta1, beta2, epsilon, momentum } = settings;
  const adam = settings.optimizer === 'adam';
  const learningRate = rate * settings.learningRate;
  writeOptimizer(memory, {
    adam: adam ? 1 : 0,
    rate: adam ? learningRate / (1 - beta1 ** t) : learningRate,
    beta1,
    beta2,
    correction: 1 / Math.sqrt(1 - beta2 ** t),
    epsilon,
    momentum,
    rest1: 1 - beta1,
    rest2: 1 - beta2,
    learningRate,
  });
}
