import { describe, expect, it } from 'vitest';
import { modelOf } from '../experiment/defaults.js';
import type { Engine } from '../engine/engine.js';
import { initialWeights, type NamedArrays } from '../network/parameters.js';
import { buildNetwork } from '../network/variants.js';
import { PathTournament } from './path-tournament.js';

const tasks = ['a', 'b'].map((name) => ({ name, kind: 'regression' as const, outputs: 1, lossWeight: 1 }));
const model = modelOf({
  variant: 'pathnet',
  levels: 2,
  paths: { active: 2 },
  experts: { count: 5, layers: [3] },
  towers: { layers: [] },
});
const network = buildNetwork(model, { numeric: 4, fields: [] }, tasks);
const settings = { active: 2, population: 4, window: 3 };

/** Only holds weights. */
class Holder implements Pick<Engine, 'weights' | 'setWeights'> {
  private held = initialWeights(network, 1);
  weights(): NamedArrays {
    return new Map(this.held);
  }
  setWeights(weights: NamedArrays): void {
    this.held = weights;
  }
  paths(): number[][] {
    return [...this.held].filter(([name]) => name.endsWith('.path')).map(([, { data }]) => [...data]);
  }
}

/** Trains; a task's loss is how far its path is from using module 0 alone. */
function rounds(tournament: PathTournament, holder: Holder, steps: number): void {
  for (let step = 0; step < steps; step++) {
    tournament.prepare(holder);
    const paths = holder.paths();
    const far = (task: number) =>
      [paths[task]!, paths[2 + task]!].reduce(
        (sum, path) => sum + path.reduce((all, on, e) => all + (e % 5) * on, 0),
        0,
      );
    tournament.add(Float64Array.of(far(0), far(1)));
  }
}

describe('the tournament of paths', () => {
  it('finds a path with a lower loss than the first for every task', () => {
    const [tournament, holder] = [new PathTournament(network, settings, 3), new Holder()];
    const cost = () => holder.paths().map((path) => path.reduce((sum, on, e) => sum + (e % 5) * on, 0));
    const before = cost();
    rounds(tournament, holder, 600);
    tournament.showLeaders(holder);
    const after = cost();
    expect(after[0]! + after[2]!).toBeLessThan(before[0]! + before[2]!);
    expect(after[1]! + after[3]!).toBeLessThan(before[1]! + before[3]!);
  });

  it('shows the path that is trained first until a tournament is decided', () => {
    for (const seed of [1, 2, 3]) {
      const [tournament, holder] = [new PathTournament(network, settings, seed), new Holder()];
      rounds(tournament, holder, 2);
      const trained = holder.paths();
      tournament.showLeaders(holder);
      expect(holder.paths()).toEqual(trained);
    }
  });

  it('keeps each task to its own copies of the upper modules and to its number of modules', () => {
    const [tournament, holder] = [new PathTournament(network, settings, 1), new Holder()];
    for (let round = 0; round < 50; round++) {
      rounds(tournament, holder, 3);
      const [, , first, second] = holder.paths();
      expect(first!.slice(5).every((on) => on === 0)).toBe(true);
      expect(second!.slice(0, 5).every((on) => on === 0)).toBe(true);
      for (const path of holder.paths()) {
        const active = path.filter((on) => on === 1).length;
        expect(active).toBeGreaterThanOrEqual(1);
        expect(active).toBeLessThanOrEqual(2);
      }
    }
  });

  it('goes on from its state as if it had not stopped, wherever that was', () => {
    for (const stop of [0, 1, 4, 5, 6, 7, 13, 30]) {
      const [whole, holder] = [new PathTournament(network, settings, 2), new Holder()];
      rounds(whole, holder, stop);
      const resumed = new PathTournament(network, settings, 2);
      resumed.restore(JSON.parse(JSON.stringify(whole.state())) as number[]);
      const other = new Holder();
      rounds(whole, holder, 20);
      rounds(resumed, other, 20);
      expect(other.paths()).toEqual(holder.paths());
      expect(resumed.state()).toEqual(whole.state());
    }
  });
});
