import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { defaults } from './defaults.js';
import { parseExperiment } from './load.js';
import { lossWeightingDefaults } from './schema/loss-weighting.js';
import { defaultWeightDecay } from './schema/training.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

test('the experiment in the README is sound', () => {
  const [, text] = /```jsonc\n([^]*?)```/.exec(read('README.md')) ?? [];
  expect(parseExperiment(text ?? '', 'readme.mmoe.json').problems).toEqual([]);
});

test('the experiment in the README trains on defaults, but for its epochs', () => {
  const [, text] = /```jsonc\n([^]*?)```/.exec(read('README.md')) ?? [];
  const { experiment } = parseExperiment(text ?? '', 'readme.mmoe.json');
  expect(experiment).toMatchObject({
    data: { validation: defaults.data.validation, test: defaults.data.test },
    model: defaults.model,
    training: { ...defaults.training, epochs: 15 },
  });
});

test('the page about variants says the defaults that the schema has', () => {
  const page = read('docs/variants.md').replaceAll(/\s+/g, ' ');
  const { constraint, stitches, experts, levels, paths } = defaults.model;
  const { dwa, gradnorm } = lossWeightingDefaults;
  for (const words of [
    `\`model.constraint.strength\` is α, ${constraint.strength} by default`,
    `\`model.stitches.own\` (${stitches.own})`,
    `\`model.stitches.learningRate\` multiplies the learning rate for them: ${stitches.learningRate}`,
    `\`experts.count\` is ${experts.count}, \`experts.layers\` [${experts.layers.join(', ')}]`,
    `\`experts.perTask\` (${experts.perTask})`,
    `\`experts.shared\` (${experts.shared})`,
    `\`model.levels\` (${levels})`,
    `\`paths.active\` (${paths.active})`,
    `\`paths.population\` (${paths.population})`,
    `\`paths.window\` (${paths.window})`,
    `\`temperature\` ${dwa.temperature}`,
    `\`alpha\` ${gradnorm.alpha}`,
    `decoupled \`weightDecay\`, ${defaultWeightDecay.adamw}`,
  ])
    expect(page).toContain(words);
});

test('the experiment in the walkthrough’s picture is sound', () => {
  const picture = read('media/walkthrough/experiment.svg').replaceAll(/<[^>]*>/g, '');
  const { experiment, problems } = parseExperiment(picture.slice(picture.indexOf('{')), 'picture.mmoe.json');
  expect(problems).toEqual([]);
  expect(experiment?.tasks.map(({ name }) => name)).toEqual(['bought', 'minutes']);
});
