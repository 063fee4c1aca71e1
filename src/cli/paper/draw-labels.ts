import { setImmediate } from 'node:timers/promises';
import { version } from '../../../package.json';
import { generateSynthetic } from '../../data/simulate/synthetic.js';
import { experimentFromText } from '../../experiment/load.js';
import { InputError } from '../../shared/errors.js';
import { correlationOf } from '../../shared/statistics/statistics.js';
import type { StudyLine } from '../../shared/study/line.js';
import { combinations, runsOf, type StudyRun } from '../../study/cells.js';
import type { Study } from '../../study/load-study.js';
import type { StudyTraining, Trained } from '../study/train-study.js';

/** Draws the labels of figure 2, a line for each trial, where a study otherwise trains. Null: it was asked to stop. */
export async function drawLabels(training: StudyTraining): Promise<Trained[] | null> {
  const { study, lines, writer, view, stop } = training;
  const all = combinations(study.file).map((settings) => ({ settings, runs: runsOf(study, settings) }));
  const runs = all.flatMap((one) => one.runs);
  training.planned(runs, true);
  const missing = runs.filter(({ key }) => !lines.has(key));
  view.begin(missing.length);
  for (const run of missing) {
    // A signal, and whoever has asked to stop, are heard between two trials.
    await setImmediate();
    if (stop.aborted) return null;
    const line = lineOf(study, run);
    lines.set(line.key, line);
    writer.append(line);
    view.ended(`trial ${run.seed}`);
  }
  return all.map(({ settings, runs: its }) => ({
    ...{ settings, tuned: null },
    lines: its.map(({ key }) => lines.get(key)!),
  }));
}

function lineOf(study: Study, { key, settings, seed, sets }: StudyRun): StudyLine {
  const { source } = experimentFromText({ ...study.base, sets }).experiment.data;
  if (typeof source === 'string' || !('synthetic' in source))
    throw new InputError('paper.data', 'this figure is about synthetic data; leave data.source as it is');
  const [one, other] = generateSynthetic(source.synthetic).labels;
  return {
    ...{ key, settings: { ...settings }, seed, isTrial: false, kinds: {}, status: 'finished' },
    ...{ validation: null, test: null, bestEpoch: null, epochs: 0 },
    curves: { epochs: [], train: {}, validation: {} },
    labelCorrelation: correlationOf(one!, other!),
    ...{ parameters: 0, seconds: 0, engine: { name: '', target: '', threads: 1 }, fingerprint: '', version },
  };
}
