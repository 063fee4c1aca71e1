import { describe, expect, it, vi } from 'vitest';
import { madeRun, runMessage } from '../../../test/webview/made-run.fixture.js';
import { packedEvents } from '../../../src/shared/run/packed-events.fixture.js';
import { RunFeed } from './run-feed.js';

function feed() {
  const options = { ready: vi.fn(), dropped: vi.fn(), changed: vi.fn() };
  return { options, feed: new RunFeed(options) };
}

const made = madeRun({ epochsDone: 2, stepEvents: 10 });

describe('the page’s messages', () => {
  it('fill the history, each event once', () => {
    const { feed: page } = feed();
    page.receive({ ...runMessage(made), events: made.events.slice(0, 10) });
    page.receive({ type: 'update', status: 'running', canTrain: true, events: made.events.slice(5, 20) });
    expect(page.run?.history.seq).toBe(20);
    page.receive({ type: 'update', status: 'running', canTrain: true, events: made.events.slice(20) });
    expect(page.run?.history.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  });

  it('may have packed events, which are refused where they are none', () => {
    const { feed: page, options } = feed();
    const packed = packedEvents(made.events.slice(0, 12));
    page.receive({ ...runMessage(made), events: made.events.slice(12, 15), packed });
    expect(page.run?.history.seq).toBe(15);
    expect(page.run?.history.epochs[0]).toEqual(made.events.find(({ type }) => type === 'epoch'));
    page.receive({ ...runMessage(made), packed: { ...packed, numbers: packed.numbers.slice(1) } });
    expect(options.dropped).toHaveBeenCalledTimes(1);
    expect(page.run?.history.seq).toBe(15);
  });

  it('that are bad are dropped with the reason, and change nothing', () => {
    const { feed: page, options } = feed();
    page.receive(runMessage(made));
    const before = page.run;
    for (const bad of [null, 'text', { type: 'update' }, { type: 'new' }]) page.receive(bad);
    expect(page.run).toBe(before);
    expect(options.dropped).toHaveBeenCalledTimes(4);
    expect(options.changed).toHaveBeenCalledTimes(1);
  });

  it('are asked for again from where a gap begins, once', () => {
    const { feed: page, options } = feed();
    page.receive({ ...runMessage(made), events: made.events.slice(0, 5) });
    for (let time = 0; time < 2; time++)
      page.receive({ type: 'update', status: 'running', canTrain: true, events: made.events.slice(8, 12) });
    expect(options.ready.mock.calls).toEqual([[5]]);
    page.receive({ ...runMessage(made), from: 5, events: made.events.slice(5) });
    expect(page.run?.history.seq).toBe(made.events.length);
  });

  it('that lack what nobody can read are shown without it, and asked for once', () => {
    const { feed: page, options } = feed();
    page.receive({ ...runMessage(made), events: made.events.slice(1, 5) });
    expect(page.run?.history.seq).toBe(5);
    page.receive({ type: 'update', status: 'running', canTrain: true, events: made.events.slice(6, 8) });
    page.receive({ ...runMessage(made), from: 5, events: made.events.slice(6, 8) });
    page.receive({ type: 'update', status: 'running', canTrain: true, events: made.events.slice(8, 12) });
    expect(page.run?.history.seq).toBe(12);
    expect(options.ready.mock.calls).toEqual([[5]]);
  });

  it('before the run is known lead to asking for the whole run', () => {
    const { feed: page, options } = feed();
    page.receive({ type: 'update', status: 'running', canTrain: true, events: [] });
    expect(options.ready).toHaveBeenCalledWith(0);
    expect(page.run).toBeNull();
  });

  it('start afresh when the host says so', () => {
    const { feed: page } = feed();
    page.receive(runMessage(made));
    page.receive({ ...runMessage(made), events: made.events.slice(0, 3) });
    expect(page.run?.history.seq).toBe(3);
  });

  it('say when the run is gone, and when it is back', () => {
    const { feed: page } = feed();
    page.receive({ type: 'gone', reason: 'deleted' });
    expect(page.gone).toBe('deleted');
    page.receive(runMessage(made));
    expect(page.gone).toBeNull();
  });
});
