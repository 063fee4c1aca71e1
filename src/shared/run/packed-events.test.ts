import { describe, expect, it } from 'vitest';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import type { RunEvent } from './run-events.js';
import { packedEvents } from './packed-events.fixture.js';
import { unpackedEvents } from './packed-events.js';

describe('packed events', () => {
  it('are the same events again, to the bit, with far fewer texts', () => {
    const { events } = madeRun({ epochs: 40 });
    const own = packedEvents(events);
    expect(unpackedEvents(own)).toEqual(events);
    expect(own.shapes.length).toBeLessThan(events.length / 4);
  });

  it('keep what is null, text or true, and names that are signs', () => {
    const events: RunEvent[] = [
      {
        ...{ type: 'epoch', seq: 1, time: 0.1, step: 1, epoch: 1, rowsPerSecond: null, best: true },
        ...{ train: { '0 "a"': { auc: null, loss: 1e-300 } }, validation: null },
      },
      { type: 'end', seq: 2, time: 0, step: 1, status: 'failed', reason: '0, [0] {"0":0}' },
    ];
    expect(unpackedEvents(packedEvents(events))).toEqual(events);
  });

  it('that are none are refused', () => {
    const { events } = madeRun();
    const own = packedEvents(events);
    const numbers = own.numbers.slice(0, -1);
    expect(() => unpackedEvents({ ...own, numbers })).toThrow();
    expect(() => unpackedEvents({ ...own, numbers: own.numbers.map(() => NaN) })).toThrow();
    expect(() => unpackedEvents({ ...own, shapes: own.shapes.map(() => '{"type":"other"}') })).toThrow();
  });
});
