import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { runsMessage } from '../../../test/webview/made-comparison.fixture.js';
import { buildCompareModel } from './compare-model.js';
import { restoreComparePageState } from './compare-page-state.js';

/** Returns the run with a changed run.json. */
export const withManifest = (run: ComparedRun, change: Partial<ComparedRun['manifest']>): ComparedRun => ({
  ...run,
  manifest: { ...run.manifest, ...change },
});

/** Works out what the page shows of runs, with what a person has chosen. */
export const model = (runs: readonly ComparedRun[], choices: object = {}) =>
  buildCompareModel({ subject: runsMessage(runs).subject, runs }, restoreComparePageState(choices));
