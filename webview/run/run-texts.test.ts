import { describe, expect, it } from 'vitest';
import { RunHistory } from '../../src/shared/run/run-history.js';
import { madeRun, mixedTasks, twoTasks, type MadeRunOptions } from '../../test/webview/made-run.fixture.js';
import { toggled } from '../ui/page/page-state.js';
import { taskFacts } from './cards/task-facts.js';
import { banners } from './head/banners.js';
import { progressText, shareDone } from './head/progress-text.js';
import { runButtons } from './head/run-actions.js';
import { runFacts } from './head/run-facts.js';
import type { ShownRun } from './model/run-feed.js';
import { restoreRunPageState } from './model/run-page-state.js';
import { taskScore } from './model/task-score.js';

function shownRun(options: MadeRunOptions = {}, canTrain = true): ShownRun {
  const { manifest, status, events } = madeRun(options);
  const history = new RunHistory();
  history.add(events);
  return { manifest, status, history, canTrain, revision: 1 };
}

describe('the header', () => {
  it('says how far the run is and how long it takes', () => {
    const { history, manifest } = shownRun({ epochsDone: 12 });
    expect(progressText(history, manifest, 'running')).toBe(
      'epoch 13 of 20 · 0:22 gone, 0:15 left · 1.31 M rows/s',
    );
    expect(progressText(history, manifest, 'stopped')).toBe('12 of 20 epochs · took 0:22 · 1.31 M rows/s');
    expect(shareDone(history)).toBeCloseTo(0.6);
  });

  it('claims no time left before there is a step', () => {
    const { history, manifest } = shownRun({ epochsDone: 0 });
    expect(progressText(history, manifest, 'running')).not.toMatch(/left/);
    expect(shareDone(new RunHistory())).toBeNull();
  });

  it('says what the run is made of', () => {
    expect(runFacts(shownRun().manifest).join(' · ')).toBe(
      'mmoe · census-income.csv · 79,810 train / 9,976 validation / 9,976 test rows · ' +
        '499 inputs · 71,226 parameters · seed 1 · fused engine, native AVX-512, 2 threads',
    );
    expect(runFacts({ ...shownRun().manifest, data: null, experiment: null })).toEqual([]);
  });

  it('offers what fits the state', () => {
    const offered = (status: Parameters<typeof runButtons>[0], canTrain = true) =>
      runButtons(status, canTrain).map(({ action }) => action);
    expect([offered('running'), offered('stopped'), offered('failed'), offered('finished', false)]).toEqual([
      ['stop'],
      ['resume', 'runAgain'],
      ['runAgain'],
      [],
    ]);
  });
});

describe('a banner', () => {
  it('says what is wrong, where, and what can be done', () => {
    const error = { code: 'x', message: 'The label is constant.', file: 'a.mmoe.json', line: 3 };
    const [banner] = banners(shownRun({ status: 'failed', manifest: { error } }));
    expect(banner).toMatchObject({
      kind: 'error',
      text: 'The label is constant.',
      detail: 'Where: a.mmoe.json:3',
    });
    expect(banner?.actions.map(({ action }) => action)).toEqual(['openLog']);
  });

  it('offers the experiment where training has diverged', () => {
    const error = { code: 'training.diverged', message: 'Lower the learning rate.' };
    const actions = banners(shownRun({ status: 'failed', manifest: { error } })).flatMap(
      (banner) => banner.actions,
    );
    expect(actions.map(({ action }) => action)).toEqual(['openExperiment', 'openLog']);
  });

  it('offers to resume what was interrupted, not in an untrusted workspace', () => {
    const actions = (canTrain: boolean) =>
      banners(shownRun({ status: 'interrupted' }, canTrain)).flatMap((banner) =>
        banner.actions.map(({ action }) => action),
      );
    expect([actions(true), actions(false)]).toEqual([['resume', 'openLog'], ['openLog']]);
  });

  it('says where a run was stopped, in a sentence', () => {
    const stopped = shownRun({ status: 'stopped' });
    stopped.history.add([
      {
        type: 'end',
        seq: 1e6,
        time: 99,
        step: 201_250,
        status: 'stopped',
        reason: 'stopped at step 201250, in epoch 323',
      },
    ]);
    expect(banners(stopped)[0]?.text).toBe(
      'Stopped at step 201,250, in epoch 323. Resume goes on from its last checkpoint.',
    );
  });

  it('says what a run waits for: its data, that again where it goes on, or its turn', () => {
    const told = (started: string | null, experiment: ShownRun['manifest']['experiment']) => {
      const queued = shownRun({ status: 'queued' });
      const { manifest } = queued;
      return banners({
        ...queued,
        manifest: { ...manifest, experiment, times: { ...manifest.times, started } },
      })[0]?.text;
    };
    expect(told(null, null)).toMatch(/^Reading and encoding the data\. Charts/);
    expect(told('2026-11-24T08:30:00Z', {})).toMatch(/to go on from the last checkpoint/);
    expect(told(null, {})).toMatch(/^Waiting for its turn/);
  });

  it('is not shown while all is well', () => {
    expect([...banners(shownRun()), ...banners(shownRun({ status: 'finished' }))]).toEqual([]);
  });
});

describe('a task', () => {
  it('is described by its labels', () => {
    expect([...twoTasks.slice(0, 1), ...mixedTasks.slice(1)].map(taskFacts)).toEqual([
      'binary · 6.2 % positive',
      'multiclass · 4 classes',
      'regression · mean 84.3 ± 31.9',
    ]);
  });

  it('has the metric of the run’s best epoch, and its own best beside it', () => {
    const { history, manifest } = shownRun();
    const score = taskScore(twoTasks[1]!, history, manifest);
    const best = history.epochs.findLast((event) => event.best)!;
    expect(score).toMatchObject({
      metric: 'auc',
      epoch: best.epoch,
      validation: best.validation!['never married']!['auc'],
    });
    expect(score.own!.value).toBeGreaterThanOrEqual(score.validation!);
  });

  it('has a dash until there is a number', () => {
    const { history, manifest } = shownRun({ epochsDone: 0 });
    expect(taskScore(twoTasks[0]!, history, manifest)).toMatchObject({
      validation: null,
      own: null,
      test: null,
    });
  });
});

describe('what was chosen on the page', () => {
  it('is restored, each choice alone where another is broken', () => {
    const saved = { metric: 'loss', axis: 'step', smoothing: 7, log: true, folded: ['gates'], tabled: 'x' };
    expect(restoreRunPageState(saved)).toEqual({
      metric: 'loss',
      axis: 'step',
      smoothing: 0,
      log: true,
      level: null,
      group: '',
      folded: ['gates'],
      tabled: [],
    });
  });

  it('has defaults when nothing was kept', () => {
    for (const saved of [undefined, null, 'x', 3])
      expect(restoreRunPageState(saved)).toMatchObject({ metric: null, axis: 'epoch', smoothing: 0 });
  });

  it('of a card is turned on and off', () => {
    expect([toggled(['a'], 'b', true), toggled(['a', 'b'], 'a', false), toggled(['a'], 'a', true)]).toEqual([
      ['a', 'b'],
      ['b'],
      ['a'],
    ]);
  });
});
