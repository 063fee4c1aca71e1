import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distinctOf, Texts, TextsBuilder } from './texts.js';

/** Texts of few signs, among them such as UTF-16 and UTF-8 put in another order. */
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '🙂', '𐀀'),
  maxLength: 4,
});
const list = fc.array(fc.option(text, { freq: 5 }), { maxLength: 60 });

it('a list has the texts that it was made of', () => {
  fc.assert(
    fc.property(list, (values) => {
      const texts = Texts.from(values);
      expect([...texts]).toEqual(values);
      expect(texts.length).toBe(values.length);
      expect(texts.at(-1)).toBeNull();
      expect(texts.at(values.length)).toBeNull();
      expect(JSON.stringify({ texts })).toBe(JSON.stringify({ texts: values }));
      expect([...texts.json()].join('')).toBe(JSON.stringify(values));
    }),
  );
});

it('finds texts as an array does', () => {
  fc.assert(
    fc.property(list, list, (values, others) => {
      const texts = Texts.from(values);
      const wanted = Texts.from(others);
      others.forEach((other, i) => {
        const place = other === null ? -1 : values.indexOf(other);
        if (other !== null) expect(texts.indexOf(other)).toBe(place);
        expect(texts.indexOfTextIn(wanted, i)).toBe(place);
      });
    }),
  );
});

it('orders texts as JavaScript does', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const order = Texts.from([one, other]).compare(0, 1);
      expect(Math.sign(order)).toBe(one < other ? -1 : one > other ? 1 : 0);
    }),
  );
});

it('knows each text once', () => {
  fc.assert(
    fc.property(list, (values) => {
      const present = values.filter((value) => value !== null);
      expect([...distinctOf(Texts.from(values))].sort()).toEqual([...new Set(present)].sort());
      const builder = new TextsBuilder();
      const numbers = present.map((value) => builder.number(value));
      const texts = builder.build();
      expect(numbers.map((number) => texts.at(number))).toEqual(present);
      expect(new Set(texts).size).toBe(texts.length);
    }),
  );
});

it('writes long lists piece by piece', () => {
  const values = Array.from({ length: 25_000 }, (_, i) => `value "${i}"`);
  const pieces = [...Texts.from(values).json()];
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.join('')).toBe(JSON.stringify(values));
});
