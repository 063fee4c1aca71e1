import { describe, expect, it } from 'vitest';
import { runStatuses, type RunStatus } from '../../../src/shared/run/run-manifest.js';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { runButtons, runMenu } from './run-actions.js';

describe('the header', () => {
  it('offers what fits the state', () => {
    const offered = (status: Parameters<typeof runButtons>[0], canTrain = true) =>
      runButtons(status, canTrain).map(({ action }) => action);
    expect([offered('running'), offered('stopped'), offered('failed'), offered('finished', false)]).toEqual([
      ['stop'],
      ['resume', 'runAgain', 'compare'],
      ['runAgain', 'compare'],
      ['compare'],
    ]);
  });

  it('does not offer to delete a live run, also while it is queued', () => {
    const canDelete = (status: RunStatus) =>
      runMenu(madeRun().manifest, status).some(
        ({ value, disabled }) => value === 'delete' && disabled !== true,
      );
    expect(runStatuses.filter(canDelete)).toEqual(['finished', 'stopped', 'failed', 'interrupted']);
  });
});
