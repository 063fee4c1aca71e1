import type { Simulator } from '../../experiment/schema.js';
import { drawNormal, drawUniform, siteOf, stepKey } from '../../network/draws/draws.js';

/** The share of a user's taste, and of an item's factors, that its segment or topic has in common. */
const common = 0.5;
/** The share of an appeal's variance that is the item's own, whoever looks at it. */
const quality = 0.25;
/** The candidates, about, over which the logits' offsets are found. */
const offsetCandidates = 100_000;

const site = {
  segment: siteOf('segment'),
  taste: siteOf('taste'),
  tasteOfSegment: siteOf('taste of segment'),
  turned: siteOf('turned taste'),
  topic: siteOf('topic'),
  clicked: siteOf('clicked factors'),
  clickedOfTopic: siteOf('clicked factors of topic'),
  clickedQuality: siteOf('clicked quality'),
  other: siteOf('other factors'),
  otherOfTopic: siteOf('other factors of topic'),
  otherQuality: siteOf('other quality'),
  views: siteOf('views'),
  mistaken: siteOf('mistaken'),
  offsetUser: siteOf('offset: user'),
  offsetItem: siteOf('offset: item'),
};

/** Candidates of visits on day 0, one after the other. */
interface Sample {
  /** How often the existing policy shows each; 1 in all. */
  readonly shares: Float64Array;
  /** The appeals. */
  readonly click: Float64Array;
  readonly like: Float64Array;
}

/**
 * A simulated recommender: users, items, what they have in common, and the policy that shows users items.
 * docs/simulator.md has the model in formulas. Everything is a function of the settings; each draw is a hash of the
 * seed and a place, so that no draw depends on how many others there were.
 */
export class RecommenderWorld {
  /** [users] and [items]. */
  readonly segments: Int32Array;
  readonly topics: Int32Array;
  /** [users, dimensions] on day 0, and what they turn to. */
  private readonly tastes: Float64Array;
  private readonly turned: Float64Array;
  /** [items, dimensions]: what makes them clicked, and liked. */
  private readonly clicked: Float64Array;
  private readonly liked: Float64Array;
  /** [items]. */
  private readonly clickedQuality: Float64Array;
  private readonly likedQuality: Float64Array;
  /** [features, dimensions], each of length 1. */
  private readonly views: Float64Array;
  private readonly key: number;
  /** Of the logits: with these, shares are as the settings say. */
  private readonly clickOffset: number;
  private readonly likeOffset: number;

  constructor(readonly settings: Simulator) {
    const { users, items, segments, topics, dimensions, features, correlation, seed } = settings;
    const key = (this.key = stepKey(seed, 0));
    const rest = Math.sqrt(1 - correlation ** 2);
    this.segments = groups(key, site.segment, users, segments);
    this.topics = groups(key, site.topic, items, topics);
    this.tastes = factors(key, [site.taste, site.tasteOfSegment], this.segments, dimensions);
    this.turned = Float64Array.from({ length: users * dimensions }, (_, i) =>
      drawNormal(key, site.turned, i),
    );
    this.clicked = factors(key, [site.clicked, site.clickedOfTopic], this.topics, dimensions);
    const other = factors(key, [site.other, site.otherOfTopic], this.topics, dimensions);
    this.liked = this.clicked.map((value, i) => correlation * value + rest * other[i]!);
    this.clickedQuality = Float64Array.from({ length: items }, (_, i) =>
      drawNormal(key, site.clickedQuality, i),
    );
    this.likedQuality = this.clickedQuality.map(
      (value, i) => correlation * value + rest * drawNormal(key, site.otherQuality, i),
    );
    this.views = unitRows(
      Float64Array.from({ length: features * dimensions }, (_, i) => drawNormal(key, site.views, i)),
      dimensions,
    );
    const { shares, click, like } = this.offsetSample();
    this.clickOffset = offsetFor(settings, settings.clicks, shares, click);
    // A like is known of what is clicked.
    const ofClicked = shares.map((share, i) => share * this.clickChance(click[i]!));
    this.likeOffset = offsetFor(settings, settings.likes * settings.clicks, ofClicked, like);
  }

  /** Writes a user's taste on a day to `into` [dimensions]. */
  tasteOn(day: number, user: number, into: Float64Array): void {
    const angle = this.settings.drift * day;
    const [still, turning] = [Math.cos(angle), Math.sin(angle)];
    for (let d = 0, at = user * into.length; d < into.length; d++, at++)
      into[d] = still * this.tastes[at]! + turning * this.turned[at]!;
  }

  /** Returns how much an item invites to a click: N(0, 1) over users and items. */
  clickAppeal = (taste: Float64Array, item: number): number =>
    appeal(taste, this.clicked, item, this.clickedQuality[item]!);

  /** Returns how much an item is liked: N(0, 1), correlated with `clickAppeal` as the settings say. */
  likeAppeal = (taste: Float64Array, item: number): number =>
    appeal(taste, this.liked, item, this.likedQuality[item]!);

  clickChance = (clickAppeal: number): number =>
    logistic(this.clickOffset + this.settings.signal * clickAppeal);

  /** Returns the chance that an item is liked which was clicked. */
  likeChance = (likeAppeal: number): number => logistic(this.likeOffset + this.settings.signal * likeAppeal);

  /** Returns the existing policy's score of an item for a user, over its temperature. */
  score(user: number, item: number, clickAppeal: number): number {
    const { items, policy } = this.settings;
    const mistaken = drawNormal(this.key, site.mistaken, user * items + item);
    return (policy.skill * clickAppeal + Math.sqrt(1 - policy.skill ** 2) * mistaken) / policy.temperature;
  }

  /** Returns a feature without its noise: a view of a user's taste where its number is even, of an item if odd. */
  view(feature: number, taste: Float64Array, item: number): number {
    const isOfUser = feature % 2 === 0;
    let sum = 0;
    for (let d = 0; d < taste.length; d++) {
      const factor = isOfUser ? taste[d]! : this.clicked[item * taste.length + d]!;
      sum += factor * this.views[feature * taste.length + d]!;
    }
    return sum;
  }

  /** Draws the visits on which the offsets are found. */
  private offsetSample(): Sample {
    const { users, items, dimensions, candidates } = this.settings;
    const visits = Math.max(100, Math.floor(offsetCandidates / candidates));
    const [shares, click, like] = [0, 1, 2].map(() => new Float64Array(visits * candidates)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const taste = new Float64Array(dimensions);
    const scores = new Float64Array(candidates);
    for (let visit = 0; visit < visits; visit++) {
      const user = uniformIndex(drawUniform(this.key, site.offsetUser, visit), users);
      this.tasteOn(0, user, taste);
      const first = visit * candidates;
      for (let j = 0; j < candidates; j++) {
        const item = popularIndex(drawUniform(this.key, site.offsetItem, first + j), items);
        click[first + j] = this.clickAppeal(taste, item);
        like[first + j] = this.likeAppeal(taste, item);
        scores[j] = this.score(user, item, click[first + j]!);
      }
      softmax(scores).forEach((share, j) => (shares[first + j] = share / visits));
    }
    return { shares, click, like };
  }
}

/** Returns the number that a uniform draw picks, each as likely. */
export const uniformIndex = (draw: number, count: number): number => Math.floor(draw * count);

/** Returns the number that a uniform draw picks, the first more often: the density falls as one over the root. */
export const popularIndex = (draw: number, count: number): number => Math.floor(draw * draw * count);

/** Returns the shares that a softmax gives, the largest score first subtracted. */
export function softmax(scores: Float64Array): Float64Array {
  const most = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

const groups = (key: number, place: number, count: number, of: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => uniformIndex(drawUniform(key, place, i), of));

/** Draws factors [members, dimensions] from N(0, 1), of which members of a group have a part in common. */
function factors(
  key: number,
  [own, ofGroup]: readonly [number, number],
  group: Int32Array,
  dimensions: number,
): Float64Array {
  const [shared, alone] = [Math.sqrt(common), Math.sqrt(1 - common)];
  return Float64Array.from({ length: group.length * dimensions }, (_, i) => {
    const [member, d] = [Math.floor(i / dimensions), i % dimensions];
    const both = drawNormal(key, ofGroup, group[member]! * dimensions + d);
    return shared * both + alone * drawNormal(key, own, i);
  });
}

function unitRows(values: Float64Array, width: number): Float64Array {
  for (let at = 0; at < values.length; at += width) {
    const row = values.subarray(at, at + width);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let d = 0; d < width; d++) row[d]! /= length;
  }
  return values;
}

function appeal(taste: Float64Array, ofItems: Float64Array, item: number, own: number): number {
  let sum = 0;
  for (let d = 0, at = item * taste.length; d < taste.length; d++, at++) sum += taste[d]! * ofItems[at]!;
  return Math.sqrt((1 - quality) / taste.length) * sum + Math.sqrt(quality) * own;
}

/** Returns the offset of logits at which the mean of the chances, by weight, is as wanted. */
function offsetFor(
  { signal }: Simulator,
  wanted: number,
  weights: Float64Array,
  appeals: Float64Array,
): number {
  let [low, high] = [-50, 50];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    let mean = 0;
    for (let j = 0; j < weights.length; j++) mean += weights[j]! * logistic(middle + signal * appeals[j]!);
    if (mean < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
