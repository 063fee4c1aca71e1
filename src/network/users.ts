import type { LevelDescription, NetworkDescription, RouteDescription } from './description.js';
import { parameterSpecs } from './parameters.js';

/** Returns, by parameter name, the indices of the tasks whose output depends on it, ascending. */
export function parameterUsers(network: NetworkDescription): Map<string, readonly number[]> {
  const everyone = network.tasks.map((_, task) => task);
  const found = new Map<string, Set<number>>();
  const use = (name: string, tasks: Iterable<number>) => {
    const users = found.get(name) ?? new Set<number>();
    for (const task of tasks) users.add(task);
    found.set(name, users);
  };
  // From the top down, this says which tasks need each stream of the level at hand.
  let streams = network.levels
    .at(-1)!
    .streams.map((_, s) => everyone.filter((task) => network.tasks[task]!.stream === s));
  for (const [l, level] of [...network.levels.entries()].reverse()) {
    const below = Array.from({ length: network.levels[l - 1]?.streams.length ?? 1 }, () => new Set<number>());
    const need = (source: number, tasks: readonly number[]) =>
      tasks.forEach((task) => below[source]!.add(task));
    level.streams.forEach(({ route }, s) => {
      const tasks = streams[s]!;
      use(`levels.${l}.routes.${s}`, tasks);
      if (route.kind === 'gate') {
        use(`levels.${l}.gates.${route.gate}`, tasks);
        need(level.gates[route.gate]!.source, tasks);
      }
      level.experts.forEach(({ source, sharesWith }, e) => {
        if (!mayUse(level, route, e)) return;
        use(`levels.${l}.experts.${sharesWith ?? e}`, tasks);
        need(source, tasks);
      });
    });
    streams = below.map((tasks) => [...tasks].sort((a, b) => a - b));
  }
  const owner = /^(?:levels\.\d+\.(?:experts|gates|routes)\.\d+)/;
  return new Map(
    parameterSpecs(network).map(({ name }) => {
      const task = network.tasks.findIndex(
        (each) =>
          name.startsWith(`towers.${each.name}.layers.`) || name.startsWith(`towers.${each.name}.output.`),
      );
      if (task >= 0) return [name, [task]];
      const part = owner.exec(name);
      // Embeddings are read by whatever reads the input.
      return [name, part === null ? streams[0]! : [...(found.get(part[0]) ?? [])].sort((a, b) => a - b)];
    }),
  );
}

/** Returns whether a route can come to give an expert a weight other than 0. */
function mayUse(level: LevelDescription, route: RouteDescription, expert: number): boolean {
  switch (route.kind) {
    case 'fixed':
      return route.weights[expert] !== 0;
    case 'constants':
      return route.initial[expert] !== null;
    case 'path':
      return true;
    case 'gate':
      return level.gates[route.gate]!.experts.includes(expert);
  }
}

/** Returns the names of the parameters that more than one task uses. */
export function sharedParameters(network: NetworkDescription): Set<string> {
  return new Set([...parameterUsers(network)].filter(([, tasks]) => tasks.length > 1).map(([name]) => name));
}

/**
 * Returns the tasks, by number and ascending, in groups that share no parameter with one another: one group
 * of all of them, but for single-task networks without embeddings, where each is its own.
 */
export function independentTasks(network: NetworkDescription): number[][] {
  let groups = network.tasks.map((_, task) => [task]);
  for (const users of parameterUsers(network).values()) {
    if (users.length < 2) continue;
    const joined = groups.filter((group) => group.some((task) => users.includes(task)));
    groups = [...groups.filter((group) => !joined.includes(group)), joined.flat()];
  }
  return groups.map((group) => group.sort((a, b) => a - b)).sort(([a], [b]) => a! - b!);
}

/**
 * Returns the names of the weights of the last layer that tasks share: those of the topmost experts that more
 * than one task uses.
 */
export function lastSharedWeights(network: NetworkDescription): Set<string> {
  const shared = sharedParameters(network);
  for (const [l, level] of [...network.levels.entries()].reverse()) {
    const names = level.experts
      .map(({ layers }, e) => `levels.${l}.experts.${e}.layers.${layers.length - 1}.weight`)
      .filter((name) => shared.has(name));
    if (names.length > 0) return new Set(names);
  }
  return new Set();
}
