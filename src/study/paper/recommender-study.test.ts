import { join } from 'node:path';
import { expect, it } from 'vitest';
import { experimentFromText } from '../../experiment/load.js';
import { combinations, runsOf, trialsOf } from '../cells.js';
import { studyFromText } from '../load-study.js';
import { recommenderStudy, withRates } from './recommender-study.js';

const path = join('/nowhere', 'paper.study.json');

it('is a study of six methods, in which those with a network for each task share no layer', async () => {
  const study = await studyFromText(JSON.stringify(recommenderStudy(2)), path);
  const all = combinations(study.file);
  expect(all.flatMap((settings) => runsOf(study, settings))).toHaveLength(12);
  const models = all.map((settings) => {
    const { sets } = runsOf(study, settings)[0]!;
    const { model } = experimentFromText({ ...study.base, sets }).experiment;
    return `${model.variant} ${model.bottom.layers.join()}|${model.experts.layers.join()}`;
  });
  expect(models).toEqual([
    'single-task |64,32',
    'shared-bottom 64|32',
    'l2-constrained |64,32',
    'cross-stitch |64,32',
    'omoe 64|32',
    'mmoe 64|32',
  ]);
});

it('tries learning rates that suit its optimizer', async () => {
  const input = recommenderStudy(1);
  const ratesOf = async (optimizer: string) => {
    const base = { ...(input.base as object), training: { batchSize: 1024, epochs: 1, optimizer } };
    const study = await studyFromText(JSON.stringify(withRates({ ...input, base })), path);
    return trialsOf(study, combinations(study.file)[0]!).map(
      ({ settings }) => settings['training.learningRate'],
    );
  };
  expect(await ratesOf('adam')).toEqual([0.001, 0.003, 0.01]);
  expect(await ratesOf('sgd')).toEqual([0.1, 0.3, 1]);
});
