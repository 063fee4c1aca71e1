import { drawUniform, siteOf, stepKey } from '../../network/draws/draws.js';
import { drawFeatures, emptyItems, type ShownItems } from './recommender-rows.js';
import { popularIndex, softmax, uniformIndex, type RecommenderWorld } from './recommender-world.js';

/** Visits to rank for: each has `candidates` items, one after the other in `items`, and the truth about them. */
export interface Visits {
  readonly count: number;
  readonly candidates: number;
  /** [count · candidates]. */
  readonly items: ShownItems;
  /** The chance that an item is clicked if it is shown, and that it is liked if it was clicked. */
  readonly click: Float64Array;
  readonly like: Float64Array;
  /** The chance that the existing policy shows it. */
  readonly existing: Float64Array;
}

/** What a policy is worth: the chances of a click and of a like on a visit. */
export interface PolicyValue {
  readonly clicks: number;
  readonly likes: number;
}

const site = {
  user: siteOf('visit: user'),
  time: siteOf('visit: time'),
  candidate: siteOf('visit: candidate'),
  features: siteOf('visit: features'),
};

/** Returns the first visits of the day that follows the log: users and candidates as in the log, none of its rows. */
export function visitsAfter(world: RecommenderWorld, count: number): Visits {
  const { rows, perDay, users, items, dimensions, features, candidates, seed } = world.settings;
  const shown = emptyItems(count * candidates, features);
  const click = new Float64Array(shown.rows);
  const like = new Float64Array(shown.rows);
  const existing = new Float64Array(shown.rows);
  const taste = new Float64Array(dimensions);
  const scores = new Float64Array(candidates);
  for (let visit = 0; visit < count; visit++) {
    const key = stepKey(seed, visit);
    const day = rows / perDay + drawUniform(key, site.time, 0);
    const user = uniformIndex(drawUniform(key, site.user, 0), users);
    world.tasteOn(day, user, taste);
    for (let j = 0, at = visit * candidates; j < candidates; j++, at++) {
      const item = popularIndex(drawUniform(key, site.candidate, j), items);
      const appeal = world.clickAppeal(taste, item);
      shown.day[at] = day;
      shown.user[at] = user;
      shown.item[at] = item;
      // Every candidate has noise of its own.
      drawFeatures(world, stepKey(key, j), site.features, { taste, item }, shown.features, at);
      click[at] = world.clickChance(appeal);
      like[at] = world.likeChance(world.likeAppeal(taste, item));
      scores[j] = world.score(user, item, appeal);
    }
    existing.set(softmax(scores), visit * candidates);
  }
  return { count, candidates, items: shown, click, like, existing };
}

/**
 * Returns what a policy is worth on visits, by the chances themselves: no click is drawn, nothing estimated. `shares`
 * [count · candidates]: how often it shows each candidate.
 */
export function policyValue({ count, click, like }: Visits, shares: Float64Array): PolicyValue {
  let [clicks, likes] = [0, 0];
  for (let at = 0; at < shares.length; at++) {
    clicks += shares[at]! * click[at]!;
    likes += shares[at]! * click[at]! * like[at]!;
  }
  return { clicks: clicks / count, likes: likes / count };
}

/** Returns the policy that shows the candidate with the highest score; of several, the first. */
export function showingBest({ count, candidates }: Visits, scores: ArrayLike<number>): Float64Array {
  const shares = new Float64Array(count * candidates);
  for (let visit = 0; visit < count; visit++) {
    let best = visit * candidates;
    for (let at = best + 1; at < (visit + 1) * candidates; at++) if (scores[at]! > scores[best]!) best = at;
    shares[best] = 1;
  }
  return shares;
}
