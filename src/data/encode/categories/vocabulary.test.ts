import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Texts } from '../../texts/texts.js';
import { countedValues, Vocabulary } from './vocabulary.js';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\uffff', '🙂'), maxLength: 3 });
const coded = fc.array(fc.tuple(fc.option(text, { freq: 8 }), fc.nat(5000)), { maxLength: 40 });

it('keeps values by their number of rows, and equally frequent ones by their text', () => {
  fc.assert(
    fc.property(coded, fc.boolean(), fc.nat(6), fc.nat(20), (values, sorted, least, most) => {
      const all = sorted ? [...new Map(values)].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)) : values;
      const counts = new Map<string, number>();
      for (const [value, rows] of all)
        if (value !== null && rows > 0) counts.set(value, (counts.get(value) ?? 0) + rows);
      const expected = [...counts].sort(([a, rows], [b, others]) => others - rows || (a < b ? -1 : 1));
      const byCode = Uint32Array.from([7, ...all.map(([, rows]) => rows)]);
      const vocabulary = new Vocabulary(countedValues(Texts.from(all.map(([value]) => value)), byCode));
      const kept = expected.filter(([, rows]) => rows >= least);
      expect(vocabulary.countFrom(least)).toBe(kept.length);
      expect([...vocabulary.mostFrequent(least)]).toEqual(kept.map(([value]) => value));
      const first = [...vocabulary.mostFrequent(least, most)];
      expect(first).toEqual(kept.slice(0, most).map(([value]) => value));
      const total = expected.reduce((sum, [, rows]) => sum + rows, 0);
      const others = expected.slice(first.length).reduce((sum, [, rows]) => sum + rows, 0);
      expect(vocabulary.facts(first.length)).toEqual({
        values: expected.length,
        kept: first.length,
        rest: total === 0 ? 0 : others / total,
      });
    }),
    { numRuns: 300 },
  );
});
