import { appendFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../shared/run/run-events.js';
import { EventLogReader, lastEvent } from './event-log.js';
import { LineSplitter, longestLine } from './files/lines.js';
import { stepEvent, temporaryFolder } from './run-folder.fixture.js';

const line = (event: RunEvent): string => `${JSON.stringify(event)}\n`;

test('any number of events, cut at any bytes, reads as a prefix and then completes', async () => {
  const folder = await temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
      async (count, cuts) => {
        const events = Array.from({ length: count }, (_, index) => stepEvent(index + 1));
        const bytes = Buffer.from(events.map(line).join(''));
        const path = join(folder, `${run++}.jsonl`);
        const reader = new EventLogReader(path);
        const seen: RunEvent[] = [];
        let written = 0;
        for (const cut of [
          ...cuts.map((share) => Math.round(share * bytes.length)).sort((a, b) => a - b),
          bytes.length,
        ]) {
          await appendFile(path, bytes.subarray(written, cut));
          written = cut;
          seen.push(...(await reader.read()));
          expect(seen).toEqual(events.slice(0, seen.length));
          expect(seen.length).toBe(bytes.subarray(0, cut).toString('latin1').split('\n').length - 1);
        }
        expect(seen).toEqual(events);
        expect(reader.skippedLines).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test('garbled lines in the middle are skipped and counted, the events around them stay', async () => {
  const folder = await temporaryFolder();
  let run = 0;
  const garbage = fc.constantFrom(
    '{"seq":',
    'null',
    '[]',
    '\u0000\u0000\u0000',
    '{"seq":1,"type":"of the future","time":0,"step":0}',
    '{"seq":1,"type":"finding","time":0,"step":0,"level":"info","text":"of the past"}',
    '{}',
    'ÿ',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(garbage, fc.constant(null)), { maxLength: 20 }), async (parts) => {
      const path = join(folder, `${run++}.jsonl`);
      const lines = parts.map((part, index) => (part === null ? line(stepEvent(index + 1)) : `${part}\n`));
      await writeFile(path, lines.join(''));
      const reader = new EventLogReader(path);
      const wanted = parts.flatMap((part, index) => (part === null ? [stepEvent(index + 1)] : []));
      expect(await reader.read()).toEqual(wanted);
      expect(reader.skippedLines).toBe(parts.filter((part) => part !== null).length);
    }),
    { numRuns: 40 },
  );
});

test('lines are checked one by one, however many before them look like them', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const step = (seq: number, losses: string): string =>
    `{"seq":${seq},"type":"step","time":0.5,"step":${seq},"epoch":1,"losses":${losses}}`;
  const lines = [
    step(1, '{"y1":0.5}'),
    step(2, '{"y1":-2.5e-7}'),
    // Texts, lists and broken numbers in place of numbers, and names with digits and signs in them.
    step(3, '{"y1":"0.5"}'),
    step(4, '{"y1":[0.5]}'),
    step(5, '{"y1":0.5.5}'),
    step(6, '{"y2":0.5}'),
    step(7, '{"a\\":1,":7}'),
    step(8, '{"a\\":1,":7,"b":"8"}'),
    step(9, '{"y1":0.5},"more":9'),
    step(10, '{"y1":0.25},"more":10'),
    '{"seq":11,"type":"step 1","time":0.5,"step":3,"epoch":1,"losses":{"y1":0.5}}',
  ];
  await writeFile(path, lines.map((text) => `${text}\n`).join(''));
  const reader = new EventLogReader(path);
  const events = await reader.read();
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 6, 7, 9, 10]);
  expect(events.at(-1)).toEqual({
    ...{ seq: 10, type: 'step', time: 0.5, step: 10, epoch: 1 },
    losses: { y1: 0.25 },
  });
  expect(reader.skippedLines).toBe(5);
});

test('a log larger than one read comes out whole', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const events = Array.from({ length: 25_000 }, (_, index) => stepEvent(index + 1));
  await writeFile(path, events.map(line).join(''));
  const reader = new EventLogReader(path);
  expect((await reader.read()).length).toBe(25_000);
  expect(await reader.read()).toEqual([]);
  expect((await lastEvent(path))?.seq).toBe(25_000);
});

test('only the types that are wanted come out, and garbled lines are still counted', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const end: RunEvent = { seq: 3, type: 'end', time: 1, step: 2, status: 'finished', reason: 'done' };
  // Not as our writer begins a line, but an event all the same.
  const turned =
    '{"type":"end","seq":4,"time":1,"step":2,"status":"finished","reason":"again"}\n' +
    '{"type":"step","seq":5}\n';
  await writeFile(path, [stepEvent(1), stepEvent(2), end].map(line).join('') + turned);
  const reader = new EventLogReader(path, new Set(['end'] as const));
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([3, 4]);
  expect(reader.skippedLines).toBe(1);
  await appendFile(path, line({ ...end, seq: 6 }));
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([6]);
});

test('a torn last line that is taken back and written again is read once', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const reader = new EventLogReader(path);
  const whole = line(stepEvent(1));
  await writeFile(path, `${whole}{"seq":2,"ty`);
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([1]);
  await truncate(path, Buffer.byteLength(whole));
  expect(await reader.read()).toEqual([]);
  await appendFile(path, line(stepEvent(2)));
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([2]);
});

test('another, shorter file in its place is read from the start', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const reader = new EventLogReader(path);
  await writeFile(path, [1, 2, 3].map((seq) => line(stepEvent(seq))).join(''));
  expect((await reader.read()).length).toBe(3);
  await writeFile(path, line(stepEvent(1)));
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([1]);
});

test('no log yet, and none any more, read as no events', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const reader = new EventLogReader(path);
  expect(await reader.read()).toEqual([]);
  await writeFile(path, line(stepEvent(1)));
  expect((await reader.read()).length).toBe(1);
  await rm(path);
  expect(await reader.read()).toEqual([]);
  expect(await lastEvent(path)).toBeNull();
});

test('a line that is too long is skipped and counted, whole or torn, and what comes after it is read', async () => {
  const path = join(await temporaryFolder(), 'events.jsonl');
  const reader = new EventLogReader(path);
  const end = (seq: number): string =>
    `${JSON.stringify({ seq, type: 'end', time: 0, step: 0, epoch: 0, status: 'finished', reason: '' })}\n`;
  const long = 'x'.repeat(longestLine + 1);
  await writeFile(path, `${end(1)}${long}\n${end(2)}${long}`);
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([1, 2]);
  expect(reader.skippedLines).toBe(1);
  // Still the same line.
  await appendFile(path, long);
  expect(await reader.read()).toEqual([]);
  await appendFile(path, `\n${end(3)}`);
  expect((await reader.read()).map(({ seq }) => seq)).toEqual([3]);
  expect(reader.skippedLines).toBe(2);
});

test('lines come out of any pieces as they went in, but for those that are too long', () => {
  const line = fc.array(fc.constantFrom('a', 'ü', ' '), { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const splitter = new LineSplitter(false, 10);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
      const out = places.slice(1).flatMap((to, index) => splitter.push(bytes.subarray(places[index], to)));
      const short = lines.filter((text) => Buffer.byteLength(text) <= 10);
      expect(out).toEqual(short);
      expect(splitter.skipped).toBe(lines.length - short.length);
      expect(splitter.unfinished).toBe(0);
    }),
  );
});
