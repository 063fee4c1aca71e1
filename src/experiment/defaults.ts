import * as v from 'valibot';
import { simulatorSchema, syntheticSchema } from './schema/data.js';
import { modelSchema, type Model, type ModelInput } from './schema/model.js';
import { changingScheduleSchema } from './schema/training.js';
import { experimentSchema } from './schema.js';

/**
 * An experiment that says nothing but what it must: every other setting is at its default. Texts that show a
 * default, such as those of new experiments, are made from it.
 */
export const defaults = v.parse(experimentSchema, {
  data: { source: 'table.csv' },
  tasks: [{ label: 'label' }],
});

/** The paper's synthetic data with every setting at its default. */
export const syntheticDefaults = v.parse(syntheticSchema, {});

/** The simulated recommender with every setting at its default. */
export const simulatorDefaults = v.parse(simulatorSchema, {});

/** A schedule whose kind alone is given. */
export const scheduleDefaults = v.parse(changingScheduleSchema, { kind: 'constant' });

/** Returns a model with the defaults for all that is not given. */
export const modelOf = (given: ModelInput): Model => v.parse(modelSchema, given);
