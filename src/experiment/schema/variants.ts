import { namesOf } from './setting.js';

/** The settings of `model` that only some variants have, by their path within it. */
export const variantSettings = [
  'gates',
  'gates.exclude',
  'levels',
  'experts.count',
  'experts.perTask',
  'experts.shared',
  'constraint',
  'stitches',
  'factorization',
  'paths',
] as const;
export type VariantSetting = (typeof variantSettings)[number];

interface VariantFacts {
  /** Says in a phrase what the variant is: for hover texts, and for lists of variants. */
  readonly meaning: string;
  /** Author and year of the paper that the variant comes from; absent: it needs none. */
  readonly source?: string;
  readonly settings: readonly VariantSetting[];
  /** Whether some layer of the network is used by several tasks, even without `model.bottom`. */
  readonly sharesLayers: boolean;
}

/**
 * The one table of variants. A new one is written down here and in a file of its own in
 * src/network/variants/; the compiler then asks for it in src/network/variants.ts.
 */
const table = {
  'single-task': {
    meaning: 'one network per task; nothing is shared',
    settings: [],
    sharesLayers: false,
  },
  'shared-bottom': {
    meaning: 'one bottom for all tasks',
    source: 'Caruana 1997',
    settings: [],
    sharesLayers: true,
  },
  'l2-constrained': {
    meaning: 'a network per task, held near each other by a penalty',
    source: 'Duong et al. 2015',
    settings: ['constraint'],
    sharesLayers: false,
  },
  'cross-stitch': {
    meaning: 'a network per task, mixed after every layer by learned constants',
    source: 'Misra et al. 2016',
    settings: ['stitches'],
    sharesLayers: true,
  },
  'tensor-factorization': {
    meaning: 'the tasks’ weights share low-rank factors',
    source: 'Yang & Hospedales 2017',
    settings: ['factorization'],
    sharesLayers: true,
  },
  omoe: {
    meaning: 'experts, and one gate for all tasks',
    source: 'Ma et al. 2018',
    settings: ['experts.count', 'gates'],
    sharesLayers: true,
  },
  mmoe: {
    meaning: 'experts, and a gate per task',
    source: 'Ma et al. 2018',
    settings: ['experts.count', 'gates', 'gates.exclude'],
    sharesLayers: true,
  },
  cgc: {
    meaning: 'shared experts and each task’s own, a gate per task',
    source: 'Tang et al. 2020',
    settings: ['experts.perTask', 'experts.shared', 'gates'],
    sharesLayers: true,
  },
  ple: {
    meaning: 'levels of shared and own experts',
    source: 'Tang et al. 2020',
    settings: ['experts.perTask', 'experts.shared', 'gates', 'levels'],
    sharesLayers: true,
  },
  pathnet: {
    meaning: 'each task’s path through banks of modules, found by a tournament',
    source: 'Fernando et al. 2017',
    settings: ['experts.count', 'levels', 'paths'],
    sharesLayers: true,
  },
} as const satisfies Record<string, VariantFacts>;

export type Variant = keyof typeof table;
const facts: Readonly<Record<Variant, VariantFacts>> = table;

/** The names of all variants, in the order in which they are listed everywhere. */
export const variants: readonly Variant[] = namesOf(table);

/** Returns what a variant is, with its source, as a phrase. */
export function variantMeaning(variant: Variant): string {
  const { meaning, source } = facts[variant];
  return source === undefined ? meaning : `${meaning} (${source})`;
}

export const hasSetting = (variant: Variant, setting: VariantSetting): boolean =>
  facts[variant].settings.includes(setting);

/** Returns the variants that have a setting. */
export const variantsWith = (setting: VariantSetting): Variant[] =>
  variants.filter((variant) => hasSetting(variant, setting));

export const sharesLayers = (variant: Variant): boolean => facts[variant].sharesLayers;
