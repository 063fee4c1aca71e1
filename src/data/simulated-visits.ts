import type { Simulator } from '../experiment/schema.js';
import { InputError } from '../shared/errors.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import { emptyRows } from './encode/empty-rows.js';
import type { Encoder } from './encode/encoder.js';
import { Texts } from './texts/texts.js';
import { RowEncoder } from './encode/row-encoder.js';
import type { ColumnsInMemory, RawTexts } from './gather/selection-rows.js';
import { visitsAfter, type Visits } from './simulate/recommender-policy.js';
import { featureNames, isOutcome, textsOf, type ShownItems } from './simulate/recommender-rows.js';
import { RecommenderWorld } from './simulate/recommender-world.js';

/** Visits, and their candidates as a network reads them. */
export interface EncodedVisits {
  readonly visits: Visits;
  readonly rows: EncodedRows;
}

/**
 * Returns the first visits of the day that follows a simulated log. Throws an InputError where the encoder needs of
 * an item what is known only afterwards.
 */
export function encodedVisits(encoder: Encoder, settings: Simulator, count: number): EncodedVisits {
  const outcome = [...encoder.numeric, ...encoder.categorical].find(({ name }) => isOutcome(name));
  if (outcome !== undefined) {
    const message = `column "${outcome.name}" is a feature, and is known only when an item has been shown; ignore it`;
    throw new InputError('study.policy', message);
  }
  const world = new RecommenderWorld(settings);
  const visits = visitsAfter(world, count);
  const raw = shownColumns(world, visits.items);
  const [rows] = emptyRows(encoder, [{ rows: raw.rows, weighted: false, taught: false }]);
  new RowEncoder(encoder, raw.texts).encode(
    raw,
    Uint32Array.from({ length: raw.rows }, (_, row) => row),
    rows!,
  );
  rows!.labels.fill(NaN);
  return { visits, rows: rows! };
}

/** Returns what is known of shown items as columns in memory. */
export function shownColumns(
  { settings, segments, topics }: RecommenderWorld,
  { rows, day, user, item, features }: ShownItems,
): ColumnsInMemory {
  const names = featureNames(settings);
  const texts = textsOf(settings);
  const coded = (values: readonly string[], numbers: Int32Array, group?: Int32Array): RawTexts => ({
    codes: numbers.map((number) => 1 + (group === undefined ? number : group[number]!)),
    values: Texts.from(values),
  });
  return {
    rows,
    numbers: new Map([['day', day], ...features.map((values, f) => [names[f]!, values] as const)]),
    texts: new Map([
      ['user_id', coded(texts.user_id, user)],
      ['segment', coded(texts.segment, user, segments)],
      ['item_id', coded(texts.item_id, item)],
      ['topic', coded(texts.topic, item, topics)],
    ]),
    free: () => undefined,
  };
}
