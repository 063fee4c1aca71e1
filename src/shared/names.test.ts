import { describe, expect, it } from 'vitest';
import { defaultRunName, experimentName, experimentOfRun, newExperimentFile } from './names.js';

describe('an experiment', () => {
  it('is called by its file', () => {
    expect(experimentName('data/census.mmoe.json')).toBe('census');
    expect(['census.json', 'census.JSONC', 'census'].map(experimentName)).toEqual(Array(3).fill('census'));
  });

  it('of a run is called by its own name before that of its file', () => {
    const experimentFile = 'data/census.mmoe.json';
    expect(experimentOfRun({ experiment: { name: 'people' }, experimentFile })).toBe('people');
    expect(experimentOfRun({ experiment: { name: '' }, experimentFile })).toBe('census');
    expect(experimentOfRun({ experiment: null, experimentFile: null })).toBeNull();
  });

  it('is named after its table and never over another one', () => {
    expect(newExperimentFile('films.csv.gz', () => false)).toBe('films.mmoe.json');
    expect(newExperimentFile('logs', (name) => name === 'logs.mmoe.json')).toBe('logs-2.mmoe.json');
    expect(newExperimentFile('*.csv', () => false)).toBe('experiment.mmoe.json');
  });
});

it('the default name of a run says the variant once', () => {
  const model = { variant: 'mmoe' };
  expect(defaultRunName({ name: 'census', model })).toBe('census mmoe');
  expect(defaultRunName({ name: 'Census MMoE', model })).toBe('Census MMoE');
  expect(defaultRunName({ model })).toBe('experiment mmoe');
});
