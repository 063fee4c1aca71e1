import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseExperiment } from './load.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the experiment in the README is sound', () => {
  const [, text] = /```jsonc\n([^]*?)```/.exec(read('README.md')) ?? [];
  expect(parseExperiment(text ?? '', 'readme.mmoe.json').problems).toEqual([]);
});

test('the experiment in the walkthrough’s picture is sound', () => {
  const picture = read('media/walkthrough/experiment.svg').replaceAll(/<[^>]*>/g, '');
  const { experiment, problems } = parseExperiment(picture.slice(picture.indexOf('{')), 'picture.mmoe.json');
  expect(problems).toEqual([]);
  expect(experiment?.tasks.map(({ name }) => name)).toEqual(['bought', 'minutes']);
});
