import { describe, expect, it } from 'vitest';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { RunHistory } from '../../shared/run/run-history.js';
import type { RunEvent } from '../../shared/run/run-events.js';
import { unpackedEvents } from '../../shared/run/packed-events.js';
import { EventShapes } from '../../run/packed/event-shapes.js';
import { PackedLog } from '../../run/packed/packed-log.js';
import { eventsForPage } from './page-events.js';

const { events } = madeRun({ levels: 2, epochs: 6, epochsDone: 4, stepEvents: 20 });

function history(of: readonly RunEvent[]): RunHistory {
  const all = new RunHistory();
  all.add(of);
  return all;
}

async function sentOf(of: readonly RunEvent[], keptEpoch: number | null = null) {
  const log = new PackedLog();
  const shapes = new EventShapes();
  for (const event of of) log.add(Buffer.from(JSON.stringify(event)), shapes);
  const { packed, means } = await eventsForPage(log, keptEpoch);
  return { sent: unpackedEvents(packed), means };
}

const drawn = (of: readonly RunEvent[]) =>
  history(of).routes.flatMap(({ epoch, level, groups }) =>
    groups[0]?.streams[0]?.histogram ? [{ epoch, level }] : [],
  );

/** A run whose best epoch is the second. */
const worse = events.map((event) => (event.type === 'epoch' ? { ...event, best: event.epoch === 2 } : event));

describe('a run’s events for its page', () => {
  it('are all there, but for routes and looks at experts other than after the best and the last epoch', async () => {
    const { sent } = await sentOf(worse);
    expect(drawn(sent)).toEqual([
      { epoch: 2, level: 0 },
      { epoch: 2, level: 1 },
      { epoch: 4, level: 0 },
      { epoch: 4, level: 1 },
    ]);
    const whole = ({ routes }: RunHistory) => routes.filter(({ epoch }) => epoch === 2 || epoch === 4);
    expect(history(sent).routes).toEqual(whole(history(worse)));
    const others = (of: readonly RunEvent[]) =>
      of.filter(({ type }) => type !== 'routes' && type !== 'experts');
    expect(others(sent)).toEqual(others(worse));
    expect(history(sent).experts.map(({ epoch }) => epoch)).toEqual([2, 2, 4, 4]);
    expect(sent.at(-1)!.seq).toBe(worse.at(-1)!.seq);
  });

  it('have the mean weights of all epochs beside them', async () => {
    const { means } = await sentOf(worse);
    expect(means.map(({ level, epochs }) => [level, [...epochs]])).toEqual([
      [0, [0, 1, 2, 3, 4]],
      [1, [0, 1, 2, 3, 4]],
    ]);
    for (const { level, weights } of means)
      expect([...weights]).toEqual(
        history(worse)
          .routes.filter((event) => event.level === level)
          .flatMap(({ groups }) => groups[0]!.streams.flatMap(({ mean }) => mean)),
      );
  });

  it('have the routes of the epoch that run.json names, where the events have another best one', async () => {
    const { sent } = await sentOf(worse, 3);
    const epochs = new Set(history(sent).routes.map(({ epoch }) => epoch));
    expect(epochs).toEqual(new Set([2, 3, 4]));
    expect(history(sent).experts.map(({ epoch }) => epoch)).toContain(3);
  });

  it('leave out what a resume has undone', async () => {
    const third = history(events).epochs.find(({ epoch }) => epoch === 3)!;
    const resumed: RunEvent[] = [
      ...events,
      { seq: events.length + 1, type: 'resume', time: third.time, step: third.step, epoch: 3 },
    ];
    const { sent, means } = await sentOf(resumed);
    expect(new Set(drawn(sent).map(({ epoch }) => epoch))).toEqual(new Set([3]));
    expect(means.map(({ epochs }) => [...epochs])).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
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
    const { sent } = await sentOf(bare);
    expect(new Set(drawn(sent).map(({ epoch }) => epoch))).toEqual(new Set([2, 3]));
  });
});
