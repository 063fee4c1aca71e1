import { hasSetting, sharesLayers, variants, type Variant } from '../../src/experiment/schema/variants.js';
import type { Chance } from './chance.js';
import type { ProgramOnTargets } from './programs.js';

export interface DrawnExperiment {
  readonly variant: Variant;
  readonly engine: 'fused' | 'tensorflow';
  readonly program: ProgramOnTargets;
  /** What its file says. */
  readonly content: object;
}

/**
 * Draws an experiment that trains for some seconds. `round` goes through the variants; all else is by chance.
 */
export function drawExperiment(
  round: number,
  programs: readonly ProgramOnTargets[],
  chance: Chance,
): DrawnExperiment {
  const variant = variants[round % variants.length]!;
  const engine = chance.happens(0.7) ? 'fused' : 'tensorflow';
  const program = chance.of(programs);
  return { variant, engine, program, content: contentOf(variant, engine, program.targets[engine], chance) };
}

/** Draws an experiment for variants that can be compared on it. */
export function drawComparison(
  programs: readonly ProgramOnTargets[],
  chance: Chance,
): Pick<DrawnExperiment, 'engine' | 'program' | 'content'> & { readonly variants: readonly Variant[] } {
  const first = chance.of(variants);
  const { engine, program, content } = drawExperiment(variants.indexOf(first), programs, chance);
  return {
    engine,
    program,
    content,
    variants: [first, chance.of(variants.filter((other) => other !== first))],
  };
}

/** These look at the tasks' gradients of shared weights. */
const ofShared = ['gradnorm', 'pcgrad'];

/** Epochs by target, so that a run takes two or three seconds, and is killed within them. */
const epochs: Readonly<Record<string, number>> = { native: 360, wasm: 180, 'tfjs wasm': 5, 'tfjs cpu': 4 };

function contentOf(variant: Variant, engine: string, target: string, chance: Chance): object {
  const table = chance.happens(0.5);
  return {
    data: {
      source: table ? tableName : { synthetic: { rows: 2000, dimensions: 10, seed: 3 } },
      validation: chance.of([0.1, 0.1, 0.2]),
    },
    tasks: table
      ? [{ label: 'y' }, { label: 'z' }, { name: 'w', label: 'a + b', kind: 'regression' }]
      : [{ label: 'y1' }, { label: 'y2' }],
    ...(table && { columns: { c: { kind: 'categorical', encode: { embedding: 3 } } } }),
    model: modelOf(variant, chance),
    training: {
      epochs: epochs[target],
      batchSize: chance.of([32, 64]),
      seed: Math.floor(chance.between(1, 1000)),
      optimizer: chance.of(['adam', 'adam', 'adamw', 'sgd']),
      schedule: chance.of(['constant', { kind: 'cosine', warmup: 1 }, { kind: 'step', every: 3 }]),
      lossWeighting: chance.of([
        'fixed',
        'fixed',
        'uncertainty',
        'dwa',
        ...(sharesLayers(variant) ? ofShared : []),
      ]),
      ...(chance.happens(0.2) && { stopEarly: { patience: 4 } }),
    },
    engine: { use: engine, threads: chance.of([1, 1, 2]) },
  };
}

function modelOf(variant: Variant, chance: Chance): object {
  const layers = {
    activation: chance.of(['relu', 'gelu', 'silu']),
    ...(chance.happens(0.3) && { dropout: 0.2 }),
    ...(chance.happens(0.3) && {
      normalization: chance.of(perValue.includes(variant) ? ['layer'] : ['layer', 'batch']),
    }),
  };
  const gates = {
    ...(chance.happens(0.5) && { bias: true }),
    choose: chance.of(['all', 'all', { top: 2, noisy: true, load: 0.1 }, { selectors: 2 }]),
  };
  return {
    variant,
    experts: { layers: [8], ...layers, ...ownExperts[variant] },
    towers: { layers: [4] },
    ...(hasSetting(variant, 'gates') && { gates }),
    ...(variant === 'pathnet' && { paths: { active: 2, population: 4, window: 5 } }),
  };
}

/** The same layers see each task's own values here, which batch normalization cannot. */
const perValue: readonly Variant[] = ['tensor-factorization', 'pathnet'];

const ownExperts: Partial<Record<Variant, object>> = {
  omoe: { count: 4 },
  mmoe: { count: 4 },
  cgc: { perTask: 1, shared: 2 },
  ple: { perTask: 1, shared: 2 },
  pathnet: { count: 4 },
};

const tableName = 't.csv';

/** The files that experiments read, by name. */
export function tables(): Readonly<Record<string, string>> {
  const rows = Array.from({ length: 1500 }, (_, row) => {
    const [a, b] = [(row * 37) % 101, (row * 53) % 89];
    const class_ = ['low', 'middle', 'high'][Math.floor(((a + b * 2) % 90) / 30)];
    return [row % 13 === 0 ? '' : a, b, `c${(row * 7) % 23}`, (a * b) % 7 < 3 ? 1 : 0, class_].join(',');
  });
  return { [tableName]: `${['a,b,c,y,z', ...rows].join('\n')}\n` };
}
