/** The run folder's encoder.json: how each column becomes numbers, by column name. Plain data. */
export interface Encoder {
  readonly format: 1;
}
