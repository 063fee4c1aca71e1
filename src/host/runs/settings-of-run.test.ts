import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../experiment/load.js';
import { settingsOfRun } from './settings-of-run.js';

const file = (text: string) => parseExperiment(text, '/films/a.mmoe.json').experiment!;
const text = '{ "data": { "source": "a.csv" }, "tasks": [{ "label": "y" }] }';
/** Returns an experiment as run.json keeps it. */
const stored = (experiment: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(experiment)) as Record<string, unknown>;

describe('the settings to train as a run did', () => {
  it('are none when the file says the same', () => {
    expect(settingsOfRun(stored(file(text)), file(text))).toEqual([]);
  });

  it('name the first set of defaults where the run is older than the second', () => {
    const { defaults, ...older } = stored(file(text));
    expect(defaults).toBe(1);
    expect(settingsOfRun(older, file(text))).toEqual([]);
    // The second set chooses by the table, which the file does not show.
    expect(settingsOfRun(older, file(text.replace('{', '{ "defaults": 2,')))).toEqual([
      'defaults=1',
      ...['data', 'model', 'training'].map((part) => `${part}=${JSON.stringify(older[part])}`),
    ]);
  });

  it('are the parts that differ, as a whole', () => {
    const run = stored({ ...file(text), model: { ...file(text).model, variant: 'omoe' } });
    const [setting, ...more] = settingsOfRun(run, file(text));
    expect(more).toEqual([]);
    expect(setting).toMatch(/^model=\{/);
    expect(JSON.parse(setting!.slice('model='.length))).toEqual(run['model']);
  });
});
