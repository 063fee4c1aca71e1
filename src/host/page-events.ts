import { RunHistory } from '../shared/history.js';
import type { EventOf, RunEvent } from '../shared/run.js';

/**
 * A run's events as its page needs them: the distributions of routes, by far most of a long log, only where they are
 * drawn: of each level, after the last epoch that counts.
 */
export function eventsForPage(events: readonly RunEvent[]): RunEvent[] {
  const history = new RunHistory();
  history.add(events);
  const lastOfLevel = new Map(history.routes.map((event) => [event.level, event.seq]));
  return events.map((event) =>
    event.type === 'routes' && lastOfLevel.get(event.level) !== event.seq ? withoutDistributions(event) : event,
  );
}

function withoutDistributions(event: EventOf<'routes'>): EventOf<'routes'> {
  return {
    ...event,
    groups: event.groups.map((group) => ({ ...group, streams: group.streams.map(({ mean, sd }) => ({ mean, sd })) })),
  };
}
