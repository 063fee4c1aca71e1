import { RunHistory } from '../../shared/history.js';
import type { EventOf, RunEvent } from '../../shared/run-events.js';

/**
 * A run's events as its page needs them: the distributions of routes, by far most of a long log, only where
 * they are drawn: of each level, after the last epoch that has them and after the best one, which is shown
 * once the run has ended.
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

/** Long runs write them of some epochs only. */
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
