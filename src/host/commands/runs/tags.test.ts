import { expect, test } from 'vitest';
import { changedTags, tagsOf } from './tags.js';

const choice = (shared: readonly string[], chosen: readonly string[]) => ({
  shared: new Set(shared),
  chosen: new Set(chosen),
});

test('a tag that all runs had goes when it is no longer chosen, one that some have stays theirs', () => {
  expect(changedTags(['a', 'b'], choice(['a'], []))).toEqual(['b']);
  expect(changedTags(['a', 'b'], choice(['a'], ['a', 'new']))).toEqual(['a', 'b', 'new']);
  expect(changedTags(['a'], choice(['a'], ['a', 'b']))).toEqual(['a', 'b']);
});

test('the tags of all runs stand once, the most frequent first', () => {
  expect(tagsOf([['keep'], ['paper', 'keep'], [], ['b']])).toEqual(['keep', 'b', 'paper']);
});
