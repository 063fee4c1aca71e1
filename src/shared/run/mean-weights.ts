import * as v from 'valibot';

/**
 * The mean weights of a level's routes over all validation rows, of many epochs: what is drawn of most routes of a
 * long run.
 */
export const meanWeightsSchema = v.object({
  level: v.number(),
  streams: v.number(),
  experts: v.number(),
  /** [looks] The epoch of each look at the routes, ascending. */
  epochs: v.instance(Float64Array),
  /** [looks][streams][experts] */
  weights: v.instance(Float64Array),
});
export type MeanWeights = v.InferOutput<typeof meanWeightsSchema>;
