import { RunHistory } from '../../shared/run/run-history.js';
import type { EventOf, RunEvent } from '../../shared/run/run-events.js';

/**
 * Returns the events of a run as its page needs them. The distributions of routes are most of a long log, and
 * are kept only where they are drawn: for each level after the last epoch that has them, and after the best
 * epoch, which is shown when the run has ended.
 */
export function eventsForPage(events: readonly RunEvent[]): RunEvent[] {
  const history = new RunHistory();
  history.add(events);
  const best = history.epochs.findLast((event) => event.best)?.epoch;
  const lastOfLevel = new Map(
    history.routes.filter(hasDistributions).map((event) => [event.level, event.seq]),
  );
  const kept = new Set([
    ...lastOfLevel.values(),
    ...history.routes.filter(({ epoch }) => epoch === best).map(({ seq }) => seq),
  ]);
  return events.map((event) =>
    event.type === 'routes' && !kept.has(event.seq) ? withoutDistributions(event) : event,
  );
}

/** Returns whether an event has distributions; long runs write them after some epochs only. */
const hasDistributions = ({ groups }: EventOf<'routes'>): boolean =>
  groups.some(({ streams }) => streams.some(({ histogram }) => histogram !== undefined));

function withoutDistributions(event: EventOf<'routes'>): EventOf<'routes'> {
  return {
    ...event,
    groups: event.groups.map((group) => ({
      ...group,
      streams: group.streams.map(({ mean, sd }) => ({ mean, sd })),
    })),
  };
}
