import type { NetworkDescription } from './description.js';

/** Where the trainer can change a task's path through one level. */
export interface PathPlace {
  readonly task: number;
  /** Its parameter: a weight per expert of the level. */
  readonly name: string;
  readonly experts: number;
  /** The modules that the task's stream can use are the experts from here on. */
  readonly first: number;
  readonly modules: number;
  /** As it starts: modules that are active. */
  readonly active: readonly number[];
}

/**
 * By task, from the lowest level up; empty without paths. Modules of a level are its experts with weights of
 * their own.
 */
export function pathPlaces(network: NetworkDescription): PathPlace[][] {
  const places = network.tasks.map((): PathPlace[] => []);
  network.levels.forEach(({ experts, streams }, l) => {
    const modules = experts.filter(({ sharesWith }) => sharesWith === undefined).length;
    streams.forEach(({ task, route }, s) => {
      if (route.kind !== 'path' || task === null) return;
      const first = experts.length === modules ? 0 : task * modules;
      const active = route.initial.flatMap((weight, e) => (weight === 0 ? [] : [e - first]));
      places[task]!.push({
        task,
        name: `levels.${l}.routes.${s}.path`,
        experts: experts.length,
        first,
        modules,
        active,
      });
    });
  });
  return places.filter((own) => own.length > 0);
}
