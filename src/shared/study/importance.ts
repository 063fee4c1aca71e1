import type { ObservedSetting } from './observed.js';

/** How much a setting matters, and what the measure is at its values when all others take any value. */
export interface SettingImportance {
  readonly setting: ObservedSetting;
  /** The share of the variance that it makes alone (a main effect of the functional ANOVA). */
  readonly alone: number;
  /** The share that would be gone if it were known: alone, and together with others. */
  readonly together: number;
  readonly dependence: readonly {
    /** From 0 to 1, or the place of the value. */
    readonly at: number;
    readonly mean: number;
  }[];
}

/** What runs say of how much settings matter. */
export type Importance =
  | {
      readonly is: 'told';
      readonly settings: readonly SettingImportance[];
      /** The share of the variance between settings that the model foretells of one that it has not seen. */
      readonly foretold: number;
      /** How many settings the model has learned from, and how many were trained. */
      readonly used: number;
      readonly trained: number;
    }
  /** Too few different settings have been trained. */
  | { readonly is: 'few'; readonly trained: number; readonly needed: number }
  /** All have the same value. */
  | { readonly is: 'same' };
