import { lossWeightingKind } from './loss-weighting.js';
import { formatPath, type JsonPath } from './place.js';
import type { Experiment, Variant } from './schema.js';
import type { Questionable } from './sense.js';

/**
 * Settings of `model` that only some variants have. Not those that a file for all variants needs anyway:
 * `experts.count` says it itself.
 */
const onlyOf: readonly (readonly [path: JsonPath, variants: readonly Variant[]])[] = [
  [['gates'], ['omoe', 'mmoe', 'cgc', 'ple']],
  [['gates', 'exclude'], ['mmoe']],
  [['levels'], ['ple', 'pathnet']],
  [
    ['experts', 'perTask'],
    ['cgc', 'ple'],
  ],
  [
    ['experts', 'shared'],
    ['cgc', 'ple'],
  ],
  [['constraint'], ['l2-constrained']],
  [['stitches'], ['cross-stitch']],
  [['factorization'], ['tensor-factorization']],
  [['paths'], ['pathnet']],
];

/**
 * Settings of the model and of its training that do not fit the chosen method: without effect (warnings) or
 * contradictory (errors). `written`: the experiment as the person wrote it, for a default is never a mistake.
 */
export function questionableMethods(experiment: Experiment, written: unknown): Questionable[] {
  const isWritten = (path: JsonPath): boolean => valueAt(written, path) !== undefined;
  return [
    ...ofOtherVariants(experiment, isWritten),
    ...matching(experiment),
    ...empty(experiment),
    ...choices(experiment),
    ...sharing(experiment),
    ...lonelyRows(experiment),
    ...factors(experiment),
    ...optimizer(experiment, isWritten),
    ...schedule(experiment, isWritten),
    ...weighting(experiment),
  ];
}

type IsWritten = (path: JsonPath) => boolean;

function ofOtherVariants({ model }: Experiment, isWritten: IsWritten): Questionable[] {
  const { variant, match } = model;
  const compared = typeof match === 'string' ? match : match?.variant;
  const found: Questionable[] = [];
  for (const [path, variants] of onlyOf) {
    const whole = ['model', ...path];
    // What contains it is warned of already.
    if (!isWritten(whole) || found.some((one) => formatPath(whole).startsWith(`${formatPath(one.path)}.`)))
      continue;
    if (variants.some((one) => one === variant || one === compared)) continue;
    const message = `${variant} has no ${path.at(-1)}: this has no effect; it is for ${variants.join(', ')}`;
    found.push({ ...warning('experiment.other-variant', message, whole), part: 'key' });
  }
  return found;
}

function matching({ model }: Experiment): Questionable[] {
  const { match, variant } = model;
  if (match === undefined || (typeof match === 'string' ? match : match.variant) !== variant) return [];
  return [
    warning('experiment.match', `${variant} has its own number of parameters: this has no effect`, [
      'model',
      'match',
    ]),
  ];
}

function empty({ model }: Experiment): Questionable[] {
  if (model.experts.layers.length > 0) return [];
  return [
    error('experiment.no-layers', 'an expert needs a layer; give at least one number of units', [
      'model',
      'experts',
      'layers',
    ]),
  ];
}

/** How many experts a gate of the variant sees; null: it has no gates. */
function seenByGate({ variant, experts }: Experiment['model']): number | null {
  if (variant === 'mmoe' || variant === 'omoe') return experts.count;
  return variant === 'cgc' || variant === 'ple' ? experts.perTask + experts.shared : null;
}

function choices({ model, tasks }: Experiment): Questionable[] {
  const found: Questionable[] = [];
  const { choose, exclude } = model.gates;
  const seen = seenByGate(model);
  if (seen === 0) {
    const message = `a task of ${model.variant} sees neither experts of its own nor shared ones; give it some`;
    found.push(error('experiment.no-experts', message, ['model', 'experts', 'shared']));
  }
  const [key, wanted] =
    typeof choose !== 'object'
      ? ['', 0]
      : 'top' in choose
        ? ['top', choose.top]
        : ['selectors', choose.selectors];
  if (seen !== null && seen > 0 && wanted > seen) {
    const message = `a gate sees ${seen} ${seen === 1 ? 'expert' : 'experts'}, so it cannot choose ${wanted}: all are used`;
    found.push(warning('experiment.choice', message, ['model', 'gates', 'choose', key]));
  }
  if (typeof choose === 'object' && 'top' in choose && choose.load > 0 && !choose.noisy) {
    const message = 'the load loss needs noise in the logits: this has no effect; set "noisy": true';
    found.push(warning('experiment.choice', message, ['model', 'gates', 'choose', 'load']));
  }
  if (model.variant === 'mmoe' && exclude > 0 && tasks.length === 1) {
    const message = 'the only task sees every expert: this has no effect';
    found.push(warning('experiment.exclusion', message, ['model', 'gates', 'exclude']));
  } else if (model.variant === 'mmoe' && exclude > 1 - 1 / tasks.length) {
    const message = `each expert is seen by one of the ${tasks.length} tasks at least, so a share of ${exclude} cannot be hidden from each: less is`;
    found.push(warning('experiment.exclusion', message, ['model', 'gates', 'exclude']));
  }
  if (model.variant === 'pathnet' && model.paths.active > model.experts.count) {
    const message = `a level has ${model.experts.count} modules, so a path cannot take ${model.paths.active}: all are used`;
    found.push(warning('experiment.paths', message, ['model', 'paths', 'active']));
  }
  return found;
}

/** Statistics of a batch cannot belong to two experts that share their weights and read different streams. */
function sharing({ model, tasks }: Experiment): Questionable[] {
  const { variant, experts, levels } = model;
  const shares = variant === 'tensor-factorization' || (variant === 'pathnet' && levels > 1);
  if (experts.normalization !== 'batch' || !shares || tasks.length === 1) return [];
  const message = `${variant} uses the same weights on every task’s own values, which batch normalization cannot; use "layer" or "none"`;
  return [error('experiment.normalization', message, ['model', 'experts', 'normalization'])];
}

/** The mean of one row is the row itself: every unit becomes 0 (Ioffe & Szegedy 2015, algorithm 1). */
function lonelyRows({ model, training }: Experiment): Questionable[] {
  const parts = (['experts', 'towers'] as const).filter((part) => model[part].normalization === 'batch');
  if (training.batchSize > 1) return [];
  const message =
    'with a batchSize of 1, batch normalization makes every unit 0; use "layer", or more rows per step';
  return parts.map((part) => error('experiment.normalization', message, ['model', part, 'normalization']));
}

function factors({ model, tasks }: Experiment): Questionable[] {
  const { ranks } = model.factorization;
  if (model.variant !== 'tensor-factorization' || ranks === undefined) return [];
  const found: Questionable[] = [];
  const most = [Infinity, Math.max(...model.experts.layers, 0), tasks.length] as const;
  const sizes = ['', 'units in a layer', tasks.length === 1 ? 'task' : 'tasks'] as const;
  for (const place of [1, 2] as const) {
    if (ranks[place] <= most[place]) continue;
    const message = `there are ${most[place]} ${sizes[place]}, so a rank of ${ranks[place]} counts as ${most[place]}`;
    found.push(warning('experiment.ranks', message, ['model', 'factorization', 'ranks', place]));
  }
  return found;
}

const optimizerKeys = {
  adam: ['beta1', 'beta2', 'epsilon'],
  adamw: ['beta1', 'beta2', 'epsilon'],
  sgd: ['momentum'],
} as const;

function optimizer({ training }: Experiment, isWritten: IsWritten): Questionable[] {
  const own: readonly string[] = optimizerKeys[training.optimizer];
  const all: readonly string[] = [...optimizerKeys.adam, ...optimizerKeys.sgd];
  return all
    .filter((key) => !own.includes(key) && isWritten(['training', key]))
    .map((key) => ({
      ...warning('experiment.optimizer', `${training.optimizer} has no ${key}: this has no effect`, [
        'training',
        key,
      ]),
      part: 'key',
    }));
}

const scheduleKeys: Record<string, readonly string[]> = {
  constant: [],
  cosine: ['final'],
  linear: ['final'],
  step: ['every', 'factor'],
};

function schedule({ training }: Experiment, isWritten: IsWritten): Questionable[] {
  const { schedule: chosen, epochs } = training;
  if (chosen === 'constant') return [];
  const path = ['training', 'schedule'];
  const found: Questionable[] = [];
  for (const key of ['final', 'every', 'factor']) {
    if (scheduleKeys[chosen.kind]!.includes(key) || !isWritten([...path, key])) continue;
    const message = `a ${chosen.kind} schedule has no ${key}: this has no effect`;
    found.push({ ...warning('experiment.schedule', message, [...path, key]), part: 'key' });
  }
  if (chosen.warmup > epochs) {
    const message = `a warm-up of ${chosen.warmup} epochs does not end within the ${epochs} of the training; make it shorter`;
    found.push(error('experiment.schedule', message, [...path, 'warmup']));
  }
  return found;
}

function weighting({ model, tasks, training }: Experiment): Questionable[] {
  const { lossWeighting } = training;
  const kind = lossWeightingKind(lossWeighting);
  const path =
    typeof lossWeighting === 'string' ? ['training', 'lossWeighting'] : ['training', 'lossWeighting', 'kind'];
  if (kind === 'fixed') return [];
  if (tasks.length === 1)
    return [warning('experiment.weighting', 'there is one task only: there is nothing to weigh', path)];
  const separate = model.variant === 'single-task' || model.variant === 'l2-constrained';
  // PCGrad has embeddings to work on, where the data has some.
  if (kind === 'gradnorm' && separate && model.bottom.layers.length === 0) {
    const message = `"gradnorm" works on layers that tasks share, and ${model.variant} has none; use "fixed", "uncertainty" or "dwa"`;
    return [error('experiment.weighting', message, path)];
  }
  return [];
}

/** What is written at a path; undefined: nothing. */
function valueAt(written: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (parent, key) =>
      typeof parent === 'object' && parent !== null
        ? Object.getOwnPropertyDescriptor(parent, key)?.value
        : undefined,
    written,
  );
}

const error = (code: string, message: string, path: JsonPath): Questionable => ({
  severity: 'error',
  code,
  message,
  path,
  part: 'value',
});
const warning = (code: string, message: string, path: JsonPath): Questionable => ({
  ...error(code, message, path),
  severity: 'warning',
});
