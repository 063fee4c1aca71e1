import { forEachInSlices, Slices } from '../../run/files/slices.js';
import { EventPacker, type PackedEvents } from '../../shared/run/packed-events.js';
import { RunHistory } from '../../shared/run/run-history.js';
import type { EventOf, RunEvent } from '../../shared/run/run-events.js';
import { lastOfLevel } from '../../shared/run/shown-epoch.js';

/**
 * Returns the events of a run as its page needs them. Routes have their mean weights for every epoch, which are
 * drawn over training; their spread and distributions are most of a long log, and are kept only where they are
 * drawn: for each level after the last epoch that has them, and after the best epoch, which is shown when the run
 * has ended. So are looks at experts, of which one is shown.
 */
export async function eventsForPage(events: readonly RunEvent[]): Promise<RunEvent[]> {
  const slices = new Slices();
  const history = new RunHistory();
  await forEachInSlices(events, slices, (event) => history.add([event]));
  const best = history.epochs.findLast((event) => event.best)?.epoch;
  const lastOf = new Map(history.routes.filter(hasDistributions).map((event) => [event.level, event]));
  const lastInGroups = new Map(history.routes.filter(isInGroups).map((event) => [event.level, event]));
  const kept = new Set([
    ...[...lastOf.values()].map(({ seq }) => seq),
    ...history.routes.filter(({ epoch }) => epoch === best).map(({ seq }) => seq),
  ]);
  const looks = new Set<number>();
  for (const level of new Set(history.experts.map((event) => event.level)))
    for (const epoch of [null, best, lastOf.get(level)?.epoch, lastInGroups.get(level)?.epoch])
      looks.add(lastOfLevel(history.experts, level, epoch ?? null)?.seq ?? 0);
  // The last event says how far the page is.
  const last = events.at(-1)?.seq;
  const found: RunEvent[] = [];
  await forEachInSlices(events, slices, (event) => {
    if (event.type === 'experts' && !looks.has(event.seq) && event.seq !== last) return;
    found.push(event.type === 'routes' && !kept.has(event.seq) ? meansOf(event) : event);
  });
  return found;
}

/** Packs events, while the event loop does what waits. */
export async function packEvents(events: readonly RunEvent[]): Promise<PackedEvents> {
  const packer = new EventPacker();
  await forEachInSlices(events, new Slices(), (event) => packer.add(event));
  return packer.packed();
}

/** Returns whether an event has distributions; long runs write them after some epochs only. */
const hasDistributions = ({ groups }: EventOf<'routes'>): boolean =>
  groups.some(({ streams }) => streams.some(({ histogram }) => histogram !== undefined));

const isInGroups = ({ groups }: EventOf<'routes'>): boolean => groups.length > 1;

function meansOf(event: EventOf<'routes'>): EventOf<'routes'> {
  return {
    ...event,
    groups: event.groups.map((group) => ({
      ...group,
      streams: group.streams.map(({ mean, sd }) => ({ mean, sd })),
    })),
  };
}
