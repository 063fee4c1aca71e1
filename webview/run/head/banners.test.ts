import { describe, expect, it } from 'vitest';
import type { ShownRun } from '../model/run-feed.js';
import { shownRun } from '../shown-run.fixture.js';
import { banners } from './banners.js';

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

  it('offers to resume a run whose disk was full', () => {
    const error = { code: 'system.ENOSPC', message: 'The disk is full.' };
    const run = shownRun({ status: 'failed', manifest: { error } });
    expect(banners(run)[0]?.actions.map(({ action }) => action)).toEqual(['resume', 'openLog']);
  });

  it('offers to resume what was interrupted, not in an untrusted workspace', () => {
    const actions = (canTrain: boolean) =>
      banners(shownRun({ status: 'interrupted' }, canTrain)).flatMap((banner) =>
        banner.actions.map(({ action }) => action),
      );
    expect([actions(true), actions(false)]).toEqual([['resume', 'openLog'], ['openLog']]);
  });

  it('says that a finished run was still getting better in its last epoch', () => {
    const finished = (bestEpoch: number) => {
      const run = shownRun({ status: 'finished', epochs: 20, epochsDone: 20 });
      const summary = { ...run.manifest.summary!, bestEpoch };
      return banners({ ...run, manifest: { ...run.manifest, epochs: 20, summary } });
    };
    expect(finished(19)).toEqual([]);
    expect(finished(20)[0]?.text).toMatch(/^The best epoch is the last of 20: .* More training\.epochs/);
    expect(finished(20)[0]?.actions.map(({ action }) => action)).toEqual(['openExperiment']);
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

  it('doubts a run of which a feature gives the label away, and names the first few', () => {
    const run = shownRun({ status: 'finished' });
    const leaks = Array.from({ length: 6 }, (_, i) => ({
      ...{ task: 'income', feature: `f${i}`, metric: 'auc' as const, value: 0.995 },
    }));
    const summary = { ...run.manifest.summary!, bestEpoch: 20 };
    const manifest = { ...run.manifest, epochs: 20, summary, data: { ...run.manifest.data!, leaks } };
    const [banner, ...others] = banners({ ...run, manifest });
    expect(others.map(({ text }) => text)).toEqual([expect.stringContaining('The best epoch is the last')]);
    expect(banner?.kind).toBe('warning');
    expect(banner?.actions.map(({ action }) => action)).toEqual(['openExperiment']);
    const lines = banner!.text.split('\n');
    expect(lines[0]).toMatch(/^Feature "f0" alone predicts "income" nearly perfectly \(AUC 0\.9950\); .*\.$/);
    expect(lines.slice(4)).toEqual(['And 2 more of the kind, which the log names.']);
  });

  it('is not shown while all is well', () => {
    expect([...banners(shownRun()), ...banners(shownRun({ status: 'finished' }))]).toEqual([]);
  });
});
