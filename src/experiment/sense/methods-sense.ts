import { formatPath, type JsonPath } from '../place.js';
import type { Experiment } from '../schema.js';
import { choiceByKind } from '../schema/gates.js';
import { comparesGradients, lossWeightingSettings } from '../schema/loss-weighting.js';
import { settingsOfOptimizers, settingsOfSchedules } from '../schema/training.js';
import { hasSetting, sharesLayers, variantSettings, variantsWith } from '../schema/variants.js';
import type { Questionable } from './sense.js';

/**
 * Returns the settings of the model and of its training that do not fit the chosen method: warnings for those
 * without effect, errors for those that contradict each other. `written` is the experiment as the person
 * wrote it, because a default is never a mistake.
 */
export function questionableMethods(experiment: Experiment, written: unknown): Questionable[] {
  const isWritten = (path: JsonPath): boolean => valueAt(written, path) !== undefined;
  return [
    ...ofOtherVariants(experiment, isWritten),
    ...matching(experiment),
    ...expertsWithoutLayers(experiment),
    ...gateChoices(experiment),
    ...exclusion(experiment),
    ...activeModules(experiment),
    ...sharedStatistics(experiment),
    ...batchesOfOneRow(experiment),
    ...ranksOfFactors(experiment),
    ...optimizer(experiment, isWritten),
    ...schedule(experiment, isWritten),
    ...weighting(experiment),
    ...rowUpdates(experiment),
  ];
}

type IsWritten = (path: JsonPath) => boolean;

function ofOtherVariants({ model }: Experiment, isWritten: IsWritten): Questionable[] {
  const { variant, match } = model;
  const compared = typeof match === 'string' ? match : match?.variant;
  const found: Questionable[] = [];
  for (const setting of variantSettings) {
    // A file for all variants has a number of experts anyway, and its hover text says whom it is for.
    if (setting === 'experts.count') continue;
    const whole = ['model', ...setting.split('.')];
    // A warning of the object that contains this setting is enough.
    if (!isWritten(whole) || found.some((one) => formatPath(whole).startsWith(`${formatPath(one.path)}.`)))
      continue;
    const owners = variantsWith(setting);
    if (owners.some((owner) => owner === variant || owner === compared)) continue;
    const message = `${variant} has no ${whole.at(-1)}: this has no effect; it is for ${owners.join(', ')}`;
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

function expertsWithoutLayers({ model }: Experiment): Questionable[] {
  if (model.experts.layers.length > 0) return [];
  return [
    error('experiment.no-layers', 'an expert needs a layer; give at least one number of units', [
      'model',
      'experts',
      'layers',
    ]),
  ];
}

/** Returns how many experts a gate of the variant sees; null: it has no gates. */
function seenByGate({ variant, experts }: Experiment['model']): number | null {
  if (!hasSetting(variant, 'gates')) return null;
  return hasSetting(variant, 'experts.count') ? experts.count : experts.perTask + experts.shared;
}

/** Returns the key that says how many experts a gate chooses, and how many; null: it takes all. */
function chosenExperts(choose: Experiment['model']['gates']['choose']): [key: string, count: number] | null {
  const choice = choiceByKind(choose);
  switch (choice.kind) {
    case 'all':
      return null;
    case 'top':
      return ['top', choice.top];
    case 'selectors':
      return ['selectors', choice.selectors];
  }
}

/** Returns whether a gate has a load loss, but not the noise that it needs. */
function lacksNoise(choose: Experiment['model']['gates']['choose']): boolean {
  const choice = choiceByKind(choose);
  switch (choice.kind) {
    case 'all':
    case 'selectors':
      return false;
    case 'top':
      return choice.load > 0 && !choice.noisy;
  }
}

function gateChoices({ model }: Experiment): Questionable[] {
  const found: Questionable[] = [];
  const { choose } = model.gates;
  const seen = seenByGate(model);
  if (seen === 0) {
    const { variant } = model;
    const message = `a task of ${variant} sees neither experts of its own nor shared ones; give it some`;
    found.push(error('experiment.no-experts', message, ['model', 'experts', 'shared']));
  }
  const [key, wanted] = chosenExperts(choose) ?? ['', 0];
  if (seen !== null && seen > 0 && wanted > seen) {
    const message =
      `a gate sees ${seen} ${seen === 1 ? 'expert' : 'experts'}, ` +
      `so it cannot choose ${wanted}: all are used`;
    found.push(warning('experiment.choice', message, ['model', 'gates', 'choose', key]));
  }
  if (lacksNoise(choose)) {
    const message = 'the load loss needs noise in the logits: this has no effect; set "noisy": true';
    found.push(warning('experiment.choice', message, ['model', 'gates', 'choose', 'load']));
  }
  return found;
}

function exclusion({ model, tasks }: Experiment): Questionable[] {
  const { exclude } = model.gates;
  if (!hasSetting(model.variant, 'gates.exclude') || exclude === 0) return [];
  const path = ['model', 'gates', 'exclude'];
  if (tasks.length === 1) {
    const message = 'the only task sees every expert: this has no effect';
    return [warning('experiment.exclusion', message, path)];
  }
  if (exclude <= 1 - 1 / tasks.length) return [];
  const message =
    `each expert is seen by one of the ${tasks.length} tasks at least, ` +
    `so a share of ${exclude} cannot be hidden from each: less is`;
  return [warning('experiment.exclusion', message, path)];
}

function activeModules({ model }: Experiment): Questionable[] {
  const { active } = model.paths;
  const modules = model.experts.count;
  if (!hasSetting(model.variant, 'paths') || active <= modules) return [];
  const message = `a level has ${modules} modules, so a path cannot take ${active}: all are used`;
  return [warning('experiment.paths', message, ['model', 'paths', 'active'])];
}

/** Statistics of a batch cannot belong to two experts that share their weights and read different streams. */
function sharedStatistics({ model, tasks }: Experiment): Questionable[] {
  const { variant, experts, levels } = model;
  const shares = variant === 'tensor-factorization' || (variant === 'pathnet' && levels > 1);
  if (experts.normalization !== 'batch' || !shares || tasks.length === 1) return [];
  const message =
    `${variant} uses the same weights on every task’s own values, ` +
    'which batch normalization cannot; use "layer" or "none"';
  return [error('experiment.normalization', message, ['model', 'experts', 'normalization'])];
}

/**
 * In a batch of one row the mean is the row itself, so that every unit becomes 0 (Ioffe & Szegedy 2015,
 * algorithm 1).
 */
function batchesOfOneRow({ model, training }: Experiment): Questionable[] {
  const parts = (['experts', 'towers'] as const).filter((part) => model[part].normalization === 'batch');
  if (training.batchSize > 1) return [];
  const message =
    'with a batchSize of 1, batch normalization makes every unit 0; use "layer", or more rows per step';
  return parts.map((part) => error('experiment.normalization', message, ['model', part, 'normalization']));
}

function ranksOfFactors({ model, tasks }: Experiment): Questionable[] {
  const { ranks } = model.factorization;
  if (model.variant !== 'tensor-factorization' || ranks === undefined) return [];
  const found: Questionable[] = [];
  const largest = [Infinity, Math.max(...model.experts.layers, 0), tasks.length] as const;
  const sizes = ['', 'units in a layer', tasks.length === 1 ? 'task' : 'tasks'] as const;
  for (const place of [1, 2] as const) {
    const max = largest[place];
    if (ranks[place] <= max) continue;
    const message = `there are ${max} ${sizes[place]}, so a rank of ${ranks[place]} counts as ${max}`;
    found.push(warning('experiment.ranks', message, ['model', 'factorization', 'ranks', place]));
  }
  return found;
}

function optimizer({ training }: Experiment, isWritten: IsWritten): Questionable[] {
  const own: readonly string[] = settingsOfOptimizers[training.optimizer];
  return [...new Set(Object.values(settingsOfOptimizers).flat())]
    .filter((key) => !own.includes(key) && isWritten(['training', key]))
    .map((key) => ({
      ...warning('experiment.optimizer', `${training.optimizer} has no ${key}: this has no effect`, [
        'training',
        key,
      ]),
      part: 'key',
    }));
}

function schedule({ training }: Experiment, isWritten: IsWritten): Questionable[] {
  const { schedule: chosen, epochs } = training;
  if (chosen === 'constant') return [];
  const path = ['training', 'schedule'];
  const found: Questionable[] = [];
  const own: readonly string[] = settingsOfSchedules[chosen.kind];
  for (const key of new Set(Object.values(settingsOfSchedules).flat())) {
    if (own.includes(key) || !isWritten([...path, key])) continue;
    const message = `a ${chosen.kind} schedule has no ${key}: this has no effect`;
    found.push({ ...warning('experiment.schedule', message, [...path, key]), part: 'key' });
  }
  if (chosen.warmup > epochs) {
    const message =
      `a warm-up of ${chosen.warmup} epochs does not end within the ${epochs} of the training; ` +
      'make it shorter';
    found.push(error('experiment.schedule', message, [...path, 'warmup']));
  }
  return found;
}

function weighting({ model, tasks, training }: Experiment): Questionable[] {
  const { lossWeighting } = training;
  const { kind } = lossWeightingSettings(lossWeighting);
  const path =
    typeof lossWeighting === 'string' ? ['training', 'lossWeighting'] : ['training', 'lossWeighting', 'kind'];
  if (kind === 'fixed') return [];
  if (tasks.length === 1)
    return [warning('experiment.weighting', 'there is one task only: there is nothing to weigh', path)];
  // PCGrad needs no layer: it can work on embeddings, which only the data shows.
  if (kind === 'gradnorm' && !sharesLayers(model.variant) && model.bottom.layers.length === 0) {
    const message =
      `"gradnorm" works on layers that tasks share, and ${model.variant} has none; ` +
      'use "fixed", "uncertainty" or "dwa"';
    return [error('experiment.weighting', message, path)];
  }
  return [];
}

/** The rows of a batch have gradients, and no table that does not move as a whole. */
function rowUpdates({ training }: Experiment): Questionable[] {
  const { tables, lossWeighting } = training;
  if (tables === 'dense' || !comparesGradients(lossWeighting)) return [];
  const { kind } = lossWeightingSettings(lossWeighting);
  const message =
    `"${kind}" compares the tasks’ gradients of whole tables, and with "${tables}" there are only those of a ` +
    'batch’s rows; use "dense", or another lossWeighting';
  return [error('experiment.tables', message, ['training', 'tables'])];
}

/** Returns what stands at a path of what a person wrote; undefined: nothing. */
export function valueAt(written: unknown, path: JsonPath): unknown {
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
