import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatorDefaults } from '../../experiment/defaults.js';
import type { Simulator } from '../../experiment/schema.js';
import { correlationOf, meanOf } from '../../shared/statistics/statistics.js';
import { Database } from '../duckdb/database.js';
import { policyValue, showingBest, visitsAfter } from './recommender-policy.js';
import { columnsOf, loggedRows, textsOf, type LoggedRows } from './recommender-rows.js';
import { RecommenderWorld } from './recommender-world.js';
import { loadSimulator, simulatedColumns, simulatorProblem } from './simulator-table.js';
import { uniformSource } from './random-sources.js';

const settings = (change: Partial<Simulator> = {}): Simulator => ({ ...simulatorDefaults, ...change });
const small = { rows: 300, users: 40, items: 30, dimensions: 3, features: 3, perDay: 100 };
const columns = ({ day, user, item, features, click, dwell, like }: LoggedRows) =>
  [day, user, item, ...features, click, dwell, like].map((values) => [...values]);
const share = (values: Float64Array): number => meanOf([...values].filter((value) => !Number.isNaN(value)));

describe('the log of a simulated recommender', () => {
  it('has the same rows in blocks of any size, and begins like any longer one of its seed', () => {
    const whole = columns(loggedRows(new RecommenderWorld(settings(small)), 0, 300));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const world = new RecommenderWorld(settings({ ...small, rows: 1_000_000 }));
        let from = 0;
        for (const size of sizes) {
          const end = Math.min(300, from + size);
          const expected = whole.map((values) => values.slice(from, end));
          expect(columns(loggedRows(world, from, end - from))).toEqual(expected);
          from = end;
        }
      }),
      { numRuns: 20 },
    );
    const other = columns(loggedRows(new RecommenderWorld(settings({ ...small, seed: 2 })), 0, 300));
    expect(other[1]).not.toEqual(whole[1]);
  });

  it('has the rows that a seed has always had', () => {
    const world = new RecommenderWorld(settings());
    const rows = loggedRows(world, 20_000, 40);
    const at = rows.like.findIndex((value) => value === 0);
    const [row] = [columnsOf(world, textsOf(settings()), rows).map(({ values }) => values[at])];
    expect(row).toMatchInlineSnapshot(`
      [
        2,
        "u1297",
        "s6",
        "i953",
        "t3",
        -1.1297418458133466,
        2.102779037210106,
        -0.1394912239834541,
        0.26111462763518967,
        -2.0867152202157166,
        0.7529343989976202,
        -1.0489219567706591,
        -0.7833894249587275,
        1,
        63.48596336104435,
        0,
      ]
    `);
  });

  it.each([
    [0.2, 0.1, 0.5],
    [0.5, 0.02, 0],
    [0.05, 0.5, 1],
  ])(
    'has about %d of its items clicked, and %d of those liked, with a policy of skill %d',
    (clicks, likes, skill) => {
      const policy = { skill, temperature: 0.5 };
      const rows = 30_000;
      const { click, like } = loggedRows(new RecommenderWorld(settings({ clicks, likes, policy })), 0, rows);
      // Four standard errors, and as much again for the candidates over which the offsets were found.
      expect(Math.abs(share(click) - clicks)).toBeLessThan(8 * Math.sqrt((clicks * (1 - clicks)) / rows));
      expect(Math.abs(share(like) - likes)).toBeLessThan(
        8 * Math.sqrt((likes * (1 - likes)) / (rows * clicks)),
      );
    },
  );

  it('knows of likes and dwell times of clicked items only', () => {
    const { click, like, dwell } = loggedRows(new RecommenderWorld(settings(small)), 0, 300);
    click.forEach((value, row) => {
      expect(Number.isNaN(like[row])).toBe(value === 0);
      expect(dwell[row]! > 0).toBe(value === 1);
    });
  });

  it.each([-1, -0.4, 0, 0.3, 0.9, 1])('relates what is clicked and what is liked by %d', (correlation) => {
    const world = new RecommenderWorld(settings({ correlation, segments: 2000, topics: 1000 }));
    const taste = new Float64Array(8);
    const pairs = Array.from({ length: 20_000 }, (_, i) => [i % 2000, (7 * i) % 1000] as const);
    const appeals = pairs.map(([user, item]) => {
      world.tasteOn(0, user, taste);
      return [world.clickAppeal(taste, item), world.likeAppeal(taste, item)] as const;
    });
    const [clicked, liked] = [0, 1].map((i) => Float64Array.from(appeals, (pair) => pair[i]!)) as [
      Float64Array,
      Float64Array,
    ];
    // 1,000 items have factors of their own: four standard errors of a correlation of as many.
    expect(Math.abs(correlationOf(clicked, liked) - correlation)).toBeLessThan(0.13);
    for (const appeal of [clicked, liked]) {
      expect(Math.abs(meanOf([...appeal]))).toBeLessThan(0.13);
      expect(Math.abs(meanOf([...appeal].map((value) => value ** 2)) - 1)).toBeLessThan(0.2);
    }
  });

  it('turns tastes with the days, and not without drift', () => {
    const users = 100;
    const tasteOf = (drift: number, day: number): Float64Array => {
      const world = new RecommenderWorld(settings({ drift, users, segments: users }));
      const all = new Float64Array(users * 8);
      for (let user = 0; user < users; user++)
        world.tasteOn(day, user, all.subarray(user * 8, (user + 1) * 8));
      return all;
    };
    expect(tasteOf(0, 100)).toEqual(tasteOf(0.1, 0));
    expect(correlationOf(tasteOf(0.1, 0), tasteOf(0.1, 5))).toBeCloseTo(Math.cos(0.5), 1);
    expect(Math.abs(correlationOf(tasteOf(0.1, 0), tasteOf(0.1, 5 * Math.PI)))).toBeLessThan(0.14);
  });

  it('is refused before a row is drawn where it takes hours, or memory that is not there', async () => {
    expect(simulatorProblem(settings({ rows: 1_000_000 }), 4e9)).toBeNull();
    expect(simulatorProblem(settings({ rows: 50_000_000 }), 4e9)?.message).toMatch(
      /^the simulated rows would take about 13 GB of memory.*; use fewer rows, users, items or dimensions/,
    );
    expect(simulatorProblem(settings({ rows: 1e15 }), 1e18)?.message).toMatch(/rows .* takes hours; give/);
    expect(simulatorProblem(settings({ candidates: 1e6 }), 1e18)?.message).toMatch(
      /candidates 1000000 is too/,
    );
    const db = await Database.open(tmpdir());
    const drawn = loadSimulator(db, 'table', settings({ rows: 1e15 }));
    await expect(drawn.finally(() => db.close())).rejects.toMatchObject({ code: 'data.simulator' });
  });

  it('is a table of days, texts, features and outcomes', () => {
    const [block] = [...simulatedColumns(settings({ ...small, rows: 20 }))];
    expect(block!.map(({ name }) => name)).toEqual(
      'day user_id segment item_id topic x1 x2 x3 click dwell like'.split(' '),
    );
    expect(block!.map(({ values }) => values.length)).toEqual(Array(11).fill(20));
    expect(block![1]!.values.every((value) => /^u([1-9]|[123]\d|40)$/.test(String(value)))).toBe(true);
  });
});

describe('the value of a policy', () => {
  const world = new RecommenderWorld(
    settings({ users: 3, items: 4, candidates: 2, drift: 0, dimensions: 2, clicks: 0.4, likes: 0.3 }),
  );
  const { users, items } = world.settings;
  const taste = new Float64Array(2);
  /** Every user with every pair of candidates, how likely it is, and the candidates' chances. */
  const everyVisit = Array.from({ length: users * items * items }, (_, i) => {
    const pair = [Math.floor(i / items) % items, i % items];
    const user = Math.floor(i / items / items);
    world.tasteOn(0, user, taste);
    // The number of an item is the square of a uniform draw, in items.
    const likely = pair.map((item) => Math.sqrt((item + 1) / items) - Math.sqrt(item / items));
    const appeals = pair.map((item) => world.clickAppeal(taste, item));
    return {
      likely: (likely[0]! * likely[1]!) / users,
      click: appeals.map(world.clickChance),
      like: pair.map((item) => world.likeChance(world.likeAppeal(taste, item))),
      odds: pair.map((item, j) => Math.exp(world.score(user, item, appeals[j]!))),
    };
  });
  const visits = visitsAfter(world, 40_000);
  /** Four standard errors of a mean of chances. */
  const near = 4 * (0.3 / Math.sqrt(40_000));

  it('is what every user and every pair of candidates give, as often as they come', () => {
    const [existing, best] = [
      { clicks: 0, likes: 0 },
      { clicks: 0, likes: 0 },
    ];
    for (const { likely, click, like, odds } of everyVisit) {
      const shares = odds.map((one) => one / (odds[0]! + odds[1]!));
      const chosen = click[1]! * like[1]! > click[0]! * like[0]! ? 1 : 0;
      for (const j of [0, 1]) {
        existing.clicks += likely * shares[j]! * click[j]!;
        existing.likes += likely * shares[j]! * click[j]! * like[j]!;
      }
      best.clicks += likely * click[chosen]!;
      best.likes += likely * click[chosen]! * like[chosen]!;
    }
    const shown = policyValue(visits, visits.existing);
    expect(Math.abs(shown.clicks - existing.clicks)).toBeLessThan(near);
    expect(Math.abs(shown.likes - existing.likes)).toBeLessThan(near);
    const scores = visits.click.map((click, at) => click * visits.like[at]!);
    const ideal = policyValue(visits, showingBest(visits, scores));
    expect(Math.abs(ideal.clicks - best.clicks)).toBeLessThan(near);
    expect(Math.abs(ideal.likes - best.likes)).toBeLessThan(near);
    expect(ideal.likes).toBeGreaterThan(shown.likes + 2 * near);
  });

  it('is what comes of drawing clicks and likes, and what the log has of the existing policy', () => {
    const shares = showingBest(visits, visits.like);
    const uniform = uniformSource(3);
    let [clicks, likes] = [0, 0];
    shares.forEach((shown, at) => {
      if (shown === 0 || uniform() >= visits.click[at]!) return;
      clicks++;
      if (uniform() < visits.like[at]!) likes++;
    });
    const value = policyValue(visits, shares);
    // Draws of 0 and 1 deviate by at most a half.
    expect(Math.abs(value.clicks - clicks / 40_000)).toBeLessThan(4 * (0.5 / Math.sqrt(40_000)));
    expect(Math.abs(value.likes - likes / 40_000)).toBeLessThan(4 * (0.5 / Math.sqrt(40_000)));
    const log = loggedRows(world, 0, 40_000);
    const existing = policyValue(visits, visits.existing);
    const draws = 4 * (0.5 / Math.sqrt(40_000)) + near;
    expect(Math.abs(existing.clicks - share(log.click))).toBeLessThan(draws);
    expect(Math.abs(existing.likes - meanOf([...log.like].map((like) => (like === 1 ? 1 : 0))))).toBeLessThan(
      draws,
    );
  });

  it('shows the first of candidates alike', () => {
    const shares = showingBest({ ...visits, count: 2 }, [1, 1, 0, 2]);
    expect([...shares]).toEqual([1, 0, 0, 1]);
  });
});
