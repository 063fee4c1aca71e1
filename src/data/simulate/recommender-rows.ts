import type { Simulator } from '../../experiment/schema.js';
import { drawNormal, drawUniform, siteOf, stepKey } from '../../network/draws/draws.js';
import type { TableColumn } from '../duckdb/append-table.js';
import { popularIndex, uniformIndex, type RecommenderWorld } from './recommender-world.js';

/** What is known of items that are shown before anything is done, [rows] each. */
export interface ShownItems {
  readonly rows: number;
  readonly day: Float64Array;
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** [features][rows]. */
  readonly features: readonly Float64Array[];
}

/** Rows of the recommender's log. */
export interface LoggedRows extends ShownItems {
  /** 1 or 0. */
  readonly click: Float64Array;
  /** Seconds; NaN: not clicked. */
  readonly dwell: Float64Array;
  /** 1 or 0; NaN: not clicked. */
  readonly like: Float64Array;
}

/** The share of a feature's variance that is noise of each row. */
const noise = 0.5;
/** The dwell time of a clicked item: a median in seconds, and spreads of its logarithm. */
const dwell = { median: 30, ofAppeal: 0.5, ofChance: 0.5 };

const site = {
  user: siteOf('row: user'),
  candidate: siteOf('row: candidate'),
  choice: siteOf('row: choice'),
  features: siteOf('row: features'),
  click: siteOf('row: click'),
  dwell: siteOf('row: dwell'),
  like: siteOf('row: like'),
};

/**
 * Returns the rows `from` … of the log, whatever was asked for before: in row r, on day r / perDay, a user meets
 * candidates, the existing policy shows one of them, and what is done about it is drawn by its chances.
 */
export function loggedRows(world: RecommenderWorld, from: number, rows: number): LoggedRows {
  const { users, items, dimensions, features, perDay, seed } = world.settings;
  const { candidates } = world.settings;
  const taste = new Float64Array(dimensions);
  const log = { ...emptyItems(rows, features), click: column(rows), dwell: column(rows), like: column(rows) };
  for (let i = 0; i < rows; i++) {
    const key = stepKey(seed, from + i);
    const day = (from + i) / perDay;
    const user = uniformIndex(drawUniform(key, site.user, 0), users);
    world.tasteOn(day, user, taste);
    let [item, appeal, most] = [0, 0, -Infinity];
    for (let j = 0; j < candidates; j++) {
      const candidate = popularIndex(drawUniform(key, site.candidate, j), items);
      const clickAppeal = world.clickAppeal(taste, candidate);
      // The largest of scores with Gumbel noise is a draw from their softmax.
      const gumbel = -Math.log(-Math.log(drawUniform(key, site.choice, j)));
      const score = world.score(user, candidate, clickAppeal) + gumbel;
      if (score > most) [item, appeal, most] = [candidate, clickAppeal, score];
    }
    const clicked = drawUniform(key, site.click, 0) < world.clickChance(appeal);
    const liked = drawUniform(key, site.like, 0) < world.likeChance(world.likeAppeal(taste, item));
    log.day[i] = day;
    log.user[i] = user;
    log.item[i] = item;
    drawFeatures(world, key, site.features, { taste, item }, log.features, i);
    log.click[i] = clicked ? 1 : 0;
    log.dwell[i] = clicked
      ? dwell.median * Math.exp(dwell.ofAppeal * appeal + dwell.ofChance * drawNormal(key, site.dwell, 0))
      : NaN;
    log.like[i] = clicked ? (liked ? 1 : 0) : NaN;
  }
  return log;
}

/** Makes room for what is known of shown items. */
export const emptyItems = (rows: number, features: number): ShownItems => ({
  rows,
  day: column(rows),
  user: new Int32Array(rows),
  item: new Int32Array(rows),
  features: Array.from({ length: features }, () => column(rows)),
});

const column = (rows: number): Float64Array => new Float64Array(rows);

/** Draws the features of a row: the world's views, and noise. `place`: of the noise's draws. */
export function drawFeatures(
  world: RecommenderWorld,
  key: number,
  place: number,
  { taste, item }: { readonly taste: Float64Array; readonly item: number },
  into: readonly Float64Array[],
  row: number,
): void {
  const [seen, blurred] = [Math.sqrt(1 - noise), Math.sqrt(noise)];
  into.forEach((values, f) => {
    values[row] = seen * world.view(f, taste, item) + blurred * drawNormal(key, place, f);
  });
}

/** The columns of the log that are what was done about an item: known only afterwards. */
export const outcomes = ['click', 'dwell', 'like'] as const;

export const isOutcome = (name: string): boolean => outcomes.some((outcome) => outcome === name);

/** The columns of texts, in the order of the log. */
export const textNames = ['user_id', 'segment', 'item_id', 'topic'] as const;

/** Names of features by their number. */
export const featureNames = ({ features }: Pick<Simulator, 'features'>): string[] =>
  Array.from({ length: features }, (_, f) => `x${f + 1}`);

/** The texts that stand for users, segments, items and topics, by their numbers. */
export type RecommenderTexts = Readonly<Record<(typeof textNames)[number], readonly string[]>>;

export function textsOf({ users, segments, items, topics }: Simulator): RecommenderTexts {
  const numbered = (letter: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  return {
    user_id: numbered('u', users),
    segment: numbered('s', segments),
    item_id: numbered('i', items),
    topic: numbered('t', topics),
  };
}

/** Returns rows of the log as columns of a table. */
export function columnsOf(world: RecommenderWorld, texts: RecommenderTexts, rows: LoggedRows): TableColumn[] {
  const { day, user, item, features, click, dwell: seconds, like } = rows;
  const names = featureNames(world.settings);
  const text = (numbers: Int32Array, of: readonly string[], group?: Int32Array): string[] =>
    Array.from(numbers, (number) => of[group === undefined ? number : group[number]!]!);
  return [
    { name: 'day', values: day },
    { name: 'user_id', values: text(user, texts.user_id) },
    { name: 'segment', values: text(user, texts.segment, world.segments) },
    { name: 'item_id', values: text(item, texts.item_id) },
    { name: 'topic', values: text(item, texts.topic, world.topics) },
    ...features.map((values, f) => ({ name: names[f]!, values })),
    { name: 'click', values: click },
    { name: 'dwell', values: seconds },
    { name: 'like', values: like },
  ];
}
