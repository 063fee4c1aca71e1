import type { Engine } from '../engine/engine.js';
import type { NetworkDescription } from '../network/description.js';
import { pathPlaces, type PathPlace } from '../network/path-places.js';
import { seededUniform } from '../network/draws/random.js';

/** The engine, as the holder of the weights. */
type Holder = Pick<Engine, 'weights' | 'setWeights'>;

export interface PathSettings {
  /** Modules of a level in a path, at most. */
  readonly active: number;
  /** Paths of each task. */
  readonly population: number;
  /** Steps that each of two paths is trained for. */
  readonly window: number;
}

/** Modules by level: `active` of each, repeats allowed. */
type Path = number[];

/**
 * Binary tournaments between paths (Fernando et al. 2017, section 2.3), for all tasks at once: of each task's
 * population two are drawn and trained one after the other for a window of steps; the one with the lower mean
 * loss overwrites the other with a mutated copy of itself, each module moving by −2 … 2 places with the
 * chance 1 / (levels · active). Evaluation uses each task's last winner.
 */
export class PathTournament {
  private readonly places: readonly PathPlace[][];
  private readonly populations: Path[][];
  private readonly leaders: Path[];
  private tournament = 0;
  /** 0: the first of the two is trained, 1: the second. */
  private turn = 0;
  private steps = 0;
  /** Sums and counts of each task's losses, of the first path and of the second. */
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  /** True while the engine has the paths of this turn. */
  private set = false;

  constructor(
    network: NetworkDescription,
    private readonly settings: PathSettings,
    private readonly seed: number,
  ) {
    this.places = pathPlaces(network);
    this.populations = this.places.map((levels, task) =>
      Array.from({ length: settings.population }, (_, number) =>
        number === 0 ? levels.flatMap((place) => this.repeated(place)) : this.random(levels, task, number),
      ),
    );
    // Until a tournament is decided, what is evaluated is what is trained first.
    this.leaders = this.pairs().map(([first], task) => this.populations[task]![first]!);
    this.sums = new Float64Array(2 * this.places.length);
    this.counts = new Float64Array(2 * this.places.length);
  }

  /** Sets the paths of this turn; called before a step. */
  prepare(engine: Holder): void {
    if (this.set) return;
    const pairs = this.pairs();
    this.give(
      engine,
      this.populations.map((population, task) => population[pairs[task]![this.turn]!]!),
    );
    this.set = true;
  }

  /** Counts the losses [tasks]; called after a step. */
  add(losses: Float64Array): void {
    losses.forEach((loss, task) => {
      if (Number.isNaN(loss)) return;
      this.sums[2 * task + this.turn]! += loss;
      this.counts[2 * task + this.turn]!++;
    });
    if (++this.steps < this.settings.window) return;
    this.steps = 0;
    this.set = false;
    if (this.turn++ === 0) return;
    this.turn = 0;
    this.decide();
  }

  /** Sets the leading paths; called before the network is evaluated. */
  showLeaders(engine: Holder): void {
    this.give(engine, this.leaders);
    this.set = false;
  }

  state(): number[] {
    return [
      this.tournament,
      this.turn,
      this.steps,
      ...this.sums,
      ...this.counts,
      ...this.leaders.flat(),
      ...this.populations.flat(2),
    ];
  }

  restore(state: readonly number[]): void {
    let at = 0;
    const next = () => state[at++]!;
    [this.tournament, this.turn, this.steps] = [next(), next(), next()];
    for (const array of [this.sums, this.counts]) for (let i = 0; i < array.length; i++) array[i] = next();
    this.leaders.forEach((path, task) => (this.leaders[task] = path.map(next)));
    for (const population of this.populations)
      population.forEach((path, number) => (population[number] = path.map(next)));
    this.set = false;
  }

  private decide(): void {
    this.pairs().forEach(([first, second], task) => {
      const mean = (turn: number) => this.sums[2 * task + turn]! / this.counts[2 * task + turn]!;
      // Without labels in one of the windows nothing can be said; the first stays.
      const [winner, loser] = mean(1) < mean(0) ? [second, first] : [first, second];
      this.leaders[task] = this.populations[task]![winner]!;
      this.populations[task]![loser] = this.mutated(this.leaders[task], task);
    });
    this.sums.fill(0);
    this.counts.fill(0);
    this.tournament++;
  }

  /** Two different numbers for each task. */
  private pairs(): [number, number][] {
    const { population } = this.settings;
    return this.places.map((_, task) => {
      const draw = seededUniform(this.seed, `tournament ${this.tournament} ${task}`);
      const first = Math.floor(draw() * population);
      return [first, (first + 1 + Math.floor(draw() * (population - 1))) % population];
    });
  }

  private mutated(path: Path, task: number): Path {
    const draw = seededUniform(this.seed, `mutation ${this.tournament} ${task}`);
    return path.map((module, gene) => {
      if (draw() * path.length >= 1) return module;
      const { modules } = this.places[task]![Math.floor(gene / this.settings.active)]!;
      return (((module + Math.floor(draw() * 5) - 2) % modules) + modules) % modules;
    });
  }

  private random(levels: readonly PathPlace[], task: number, number: number): Path {
    const draw = seededUniform(this.seed, `path ${task} ${number}`);
    return levels.flatMap(({ modules }) =>
      Array.from({ length: this.settings.active }, () => Math.floor(draw() * modules)),
    );
  }

  /** A level's first modules as a stretch of a path. */
  private repeated({ active }: PathPlace): number[] {
    return Array.from({ length: this.settings.active }, (_, gene) => active[gene % active.length]!);
  }

  private give(engine: Holder, paths: readonly Path[]): void {
    const weights = engine.weights();
    this.places.forEach((levels, task) =>
      levels.forEach(({ name, experts, first }, level) => {
        const data = new Float32Array(experts);
        const { active } = this.settings;
        for (const module of paths[task]!.slice(level * active, (level + 1) * active))
          data[first + module] = 1;
        weights.set(name, { shape: [experts], data });
      }),
    );
    engine.setWeights(weights);
  }
}
