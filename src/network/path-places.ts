import type { NetworkDescription } from './description.js';

/** A place where the trainer can change a task's path: its part through one level. */
export interface PathPlace {
  readonly task: number;
  /** The name of its parameter, which has a weight per expert of the level. */
  readonly name: string;
  readonly experts: number;
  /** The index of the first expert that is a module for the task's stream; the others follow it. */
  readonly first: number;
  readonly modules: number;
  /** The modules that are active when training starts. */
  readonly active: readonly number[];
}

/**
 * Returns the places of each task's path, from the lowest level up; empty without paths. The modules of a
 * level are its experts with weights of their own.
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
