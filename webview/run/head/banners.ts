import type { RunAction } from '../../../src/shared/run-protocol.js';
import { s } from '../../strings.js';
import { errorPlace } from './run-facts.js';
import { formatCount } from '../../../src/shared/numbers.js';
import type { ShownRun } from '../model/run-feed.js';
import { hasDiverged } from '../../../src/shared/run-status.js';

/** What is said above the charts. */
interface Banner {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly detail?: string | null;
  readonly actions: readonly { readonly action: RunAction; readonly label: string }[];
}

const openExperiment = { action: 'openExperiment', label: s('experimentFile') } as const;
const openLog = { action: 'openLog', label: s('openLog') } as const;

/** What happened to a run that is neither training nor finished, and what can be done. */
export function banners({ manifest, status, history, canTrain }: ShownRun): Banner[] {
  const list: Banner[] = [];
  const resume = canTrain ? [{ action: 'resume', label: s('resume') } as const] : [];
  if (status === 'failed') {
    const { error } = manifest;
    const place = error && errorPlace(error);
    list.push({
      kind: 'error',
      text: error?.message ?? history.end?.reason ?? s('failedText'),
      detail: place ? s('place', place) : null,
      actions:
        hasDiverged({ manifest, status }) && manifest.experimentFile !== null
          ? [openExperiment, openLog]
          : [openLog],
    });
  } else if (status === 'interrupted')
    list.push({ kind: 'warning', text: s('interruptedText'), actions: [...resume, openLog] });
  else if (status === 'stopped') {
    const reason = history.end?.reason;
    list.push({
      kind: 'info',
      text: reason ? s('stoppedAt', sentence(reason)) : s('stoppedPlain'),
      actions: resume,
    });
  } else if (status === 'queued') {
    // One that has trained before is being resumed; one of a comparison waits for those before it.
    const why =
      manifest.times.started !== null
        ? 'readingAgain'
        : manifest.experiment === null
          ? 'readingData'
          : 'waitingTurn';
    list.push({ kind: 'info', text: s(why), actions: [openLog] });
  }
  if (!canTrain) list.push({ kind: 'info', text: s('notTrusted'), actions: [] });
  return list;
}

/** A trainer's reason as the beginning of a sentence, its large numbers in groups of three. */
const sentence = (reason: string): string =>
  reason.charAt(0).toUpperCase() +
  reason.slice(1).replaceAll(/(?<![\d.])\d{4,}/g, (digits) => formatCount(Number(digits)));
