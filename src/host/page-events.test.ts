import { describe, expect, it } from 'vitest';
import { madeRun } from '../../test/webview/made-run.js';
import { RunHistory } from '../shared/history.js';
import type { RunEvent } from '../shared/run.js';
import { eventsForPage } from './page-events.js';

const { events } = madeRun({ levels: 2, epochs: 6, epochsDone: 4, stepEvents: 20 });

function history(of: readonly RunEvent[]): RunHistory {
  const all = new RunHistory();
  all.add(of);
  return all;
}

const drawn = (of: readonly RunEvent[]) =>
  history(of).routes.flatMap(({ epoch, level, groups }) => (groups[0]?.streams[0]?.histogram ? [{ epoch, level }] : []));

describe('a run’s events for its page', () => {
  it('are all there, with distributions after the last epoch only', () => {
    const sent = eventsForPage(events);
    expect(drawn(sent)).toEqual([
      { epoch: 4, level: 0 },
      { epoch: 4, level: 1 },
    ]);
    const means = (of: readonly RunEvent[]) =>
      history(of).routes.map(({ groups }) => groups.map(({ streams }) => streams.map(({ mean, sd }) => [mean, sd])));
    expect(means(sent)).toEqual(means(events));
    expect(sent.filter(({ type }) => type !== 'routes')).toEqual(events.filter(({ type }) => type !== 'routes'));
    expect(sent.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
  });

  it('have those of the last epoch that a resume has left', () => {
    const third = history(events).epochs.find(({ epoch }) => epoch === 3)!;
    const resumed: RunEvent[] = [...events, { seq: events.length + 1, type: 'resume', time: third.time, step: third.step, epoch: 3 }];
    expect(drawn(eventsForPage(resumed)).map(({ epoch }) => epoch)).toEqual([3, 3]);
  });
});
