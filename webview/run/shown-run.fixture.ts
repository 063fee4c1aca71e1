import { RunHistory } from '../../src/shared/run/run-history.js';
import { madeRun, type MadeRunOptions } from '../../test/webview/made-run.fixture.js';
import type { ShownRun } from './model/run-feed.js';

/** Makes a run as its page keeps it. */
export function shownRun(options: MadeRunOptions = {}, canTrain = true): ShownRun {
  const { manifest, status, events } = madeRun(options);
  const history = new RunHistory();
  history.add(events);
  return { manifest, status, history, canTrain, revision: 1 };
}
