import { forEachInSlices, Slices } from '../../run/files/slices.js';
import type { PackedLog } from '../../run/packed/packed-log.js';
import type { MeanWeights } from '../../shared/run/mean-weights.js';
import type { PackedEvents } from '../../shared/run/packed-events.js';
import { RunHistory } from '../../shared/run/run-history.js';
import type { EventOf, RunEvent } from '../../shared/run/run-events.js';
import { lastOfLevel } from '../../shared/run/shown-epoch.js';

/** What the page of a run needs of its log. */
export interface PageEvents {
  readonly packed: PackedEvents;
  /** By level. */
  readonly means: MeanWeights[];
}

/**
 * Returns the events of a run as its page needs them. Of routes their mean weights are drawn over training, for every
 * epoch; their spread and distributions are most of a long log, and routes are sent as a whole only where they are
 * drawn: for each level after the last epoch that has them, and after the best epoch, which is shown when the run
 * has ended. So are looks at experts, of which one is shown. `keptEpoch`: the one that run.json names as the best;
 * null: none yet.
 */
export async function eventsForPage(log: PackedLog, keptEpoch: number | null): Promise<PageEvents> {
  const history = new RunHistory();
  const indexOf = new Map<RunEvent, number>();
  const kept: number[] = [];
  await forEachInSlices(indices(log), new Slices(), (index) => {
    const type = log.typeOf(index);
    const isChosen = type === 'routes' || type === 'experts';
    if (!isChosen) kept.push(index);
    // Steps are half of the events, and are only passed on.
    if (type === 'step') return;
    const head = log.head(index);
    if (isChosen) indexOf.set(head, index);
    history.add([head]);
  });
  const { routes, experts } = history;
  const best = history.epochs.findLast((event) => event.best)?.epoch ?? null;
  const shown = new Set<RunEvent | undefined>();
  for (const level of new Set([...routes, ...experts].map((event) => event.level)))
    for (const those of [routes, routes.filter(hasDistributions), routes.filter(isInGroups)])
      for (const epoch of [null, best, keptEpoch]) {
        const event = lastOfLevel(those, level, epoch);
        shown.add(event);
        shown.add(lastOfLevel(experts, level, event?.epoch ?? epoch));
      }
  for (const [event, index] of indexOf)
    // The last event says how far the page is.
    if (shown.has(event) || index === log.length - 1) kept.push(index);
  kept.sort((one, other) => one - other);
  return { packed: log.packed(kept), means: meanWeights(log, routes, indexOf) };
}

function* indices({ length }: PackedLog): Iterable<number> {
  for (let index = 0; index < length; index++) yield index;
}

/** Returns whether an event has distributions; long runs write them after some epochs only. */
const hasDistributions = ({ groups }: EventOf<'routes'>): boolean =>
  groups.some(({ streams }) => streams.some(({ histogram }) => histogram !== undefined));

const isInGroups = ({ groups }: EventOf<'routes'>): boolean => groups.length > 1;

/** Returns the mean weights of each level; a look that has not as many as the level's last is left out. */
function meanWeights(
  log: PackedLog,
  routes: readonly EventOf<'routes'>[],
  indexOf: ReadonlyMap<RunEvent, number>,
): MeanWeights[] {
  const slotsOf = placesOfMeans();
  return [...new Set(routes.map(({ level }) => level))].map((level) => {
    const its = routes.filter((event) => event.level === level);
    const { streams, experts } = slotsOf(its.at(-1)!);
    const looks = its.filter((event) => {
      const slots = slotsOf(event);
      return slots.streams === streams && slots.experts === experts;
    });
    const weights = new Float64Array(looks.length * streams * experts);
    let at = 0;
    for (const look of looks) {
      const index = indexOf.get(look)!;
      for (const from of slotsOf(look).starts)
        for (let expert = 0; expert < experts; expert++) weights[at++] = log.number(index, from + expert);
    }
    return { level, streams, experts, epochs: Float64Array.from(looks, ({ epoch }) => epoch), weights };
  });
}

/** Where the mean weights over all rows lie among the numbers of an event; none where streams have not as many each. */
interface MeansPlaces {
  readonly streams: number;
  readonly experts: number;
  /** [streams] */
  readonly starts: readonly number[];
}

/** Returns what finds them by an event's head; events of one shape share what is in it. */
function placesOfMeans(): (head: EventOf<'routes'>) => MeansPlaces {
  const known = new Map<object, MeansPlaces>();
  return ({ groups }) => {
    const before = known.get(groups);
    if (before !== undefined) return before;
    const means = groups[0]?.streams.map(({ mean }) => mean) ?? [];
    const experts = means[0]?.length ?? 0;
    const isEven = means.every(({ length }) => length === experts);
    const places = isEven
      ? { streams: means.length, experts, starts: means.map(([first = 0]) => first) }
      : { streams: 0, experts: 0, starts: [] };
    known.set(groups, places);
    return places;
  };
}
