import { describe, expect, it } from 'vitest';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { RunHistory } from '../../shared/run/run-history.js';
import type { RunEvent } from '../../shared/run/run-events.js';
import { eventsForPage } from './page-events.js';

const { events } = madeRun({ levels: 2, epochs: 6, epochsDone: 4, stepEvents: 20 });

function history(of: readonly RunEvent[]): RunHistory {
  const all = new RunHistory();
  all.add(of);
  return all;
}

const drawn = (of: readonly RunEvent[]) =>
  history(of).routes.flatMap(({ epoch, level, groups }) =>
    groups[0]?.streams[0]?.histogram ? [{ epoch, level }] : [],
  );

/** A run whose best epoch is the second. */
const worse = events.map((event) => (event.type === 'epoch' ? { ...event, best: event.epoch === 2 } : event));

describe('a run’s events for its page', () => {
  it('are all there, with distributions and looks at experts after the best and the last epoch only', async () => {
    const sent = await eventsForPage(worse);
    expect(drawn(sent)).toEqual([
      { epoch: 2, level: 0 },
      { epoch: 2, level: 1 },
      { epoch: 4, level: 0 },
      { epoch: 4, level: 1 },
    ]);
    const means = (of: readonly RunEvent[]) =>
      history(of).routes.map(({ groups }) =>
        groups.map(({ streams }) => streams.map(({ mean, sd }) => [mean, sd])),
      );
    expect(means(sent)).toEqual(means(worse));
    const others = (of: readonly RunEvent[]) =>
      of.filter(({ type }) => type !== 'routes' && type !== 'experts');
    expect(others(sent)).toEqual(others(worse));
    expect(history(sent).experts.map(({ epoch }) => epoch)).toEqual([2, 2, 4, 4]);
    expect(sent.at(-1)!.seq).toBe(worse.at(-1)!.seq);
  });

  it('have those of the last epoch that a resume has left', async () => {
    const third = history(events).epochs.find(({ epoch }) => epoch === 3)!;
    const resumed: RunEvent[] = [
      ...events,
      { seq: events.length + 1, type: 'resume', time: third.time, step: third.step, epoch: 3 },
    ];
    expect(new Set(drawn(await eventsForPage(resumed)).map(({ epoch }) => epoch))).toEqual(new Set([3]));
  });

  it('have the last distributions that there are, where a long run wrote none after the last epoch', async () => {
    const bare = worse.map((event) => {
      if (event.type !== 'routes' || event.epoch < 4) return event;
      return {
        ...event,
        groups: event.groups
          .slice(0, 1)
          .map((group) => ({ ...group, streams: group.streams.map(({ mean, sd }) => ({ mean, sd })) })),
      };
    });
    expect(new Set(drawn(await eventsForPage(bare)).map(({ epoch }) => epoch))).toEqual(new Set([2, 3]));
  });
});
