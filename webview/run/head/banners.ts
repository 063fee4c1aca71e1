import { formatCount } from '../../../src/shared/numbers.js';
import type { RunAction } from '../../../src/shared/messages/run-protocol.js';
import { bestIsLast } from '../../../src/shared/run/best-is-last.js';
import { hasDiverged, refusedCodes } from '../../../src/shared/run/run-status.js';
import type { RunError, RunManifest } from '../../../src/shared/run/run-manifest.js';
import { s } from '../../strings.js';
import { shownSuspicions } from '../../ui/shown-suspicions.js';
import type { ShownRun } from '../model/run-feed.js';

/** A message above the charts, and what can be done about it. */
interface Banner {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly detail?: string | null;
  readonly actions: readonly { readonly action: RunAction; readonly label: string }[];
}

const openExperiment = { action: 'openExperiment', label: s('experimentFile') } as const;
const openLog = { action: 'openLog', label: s('openLog') } as const;
const resume = { action: 'resume', label: s('resume') } as const;

/**
 * Says what happened to a run that is neither training nor finished, what makes its metrics doubtful, and
 * whether it can be trained: what is wrong before what is good to know.
 */
export function banners(run: ShownRun): Banner[] {
  const own = statusBanner(run);
  return [
    ...(own === null || own.kind === 'info' ? [] : [own]),
    ...suspicionBanner(run),
    ...(own?.kind === 'info' ? [own] : []),
    ...(run.canTrain ? [] : [{ kind: 'info' as const, text: s('notTrusted'), actions: [] }]),
  ];
}

/** Says what makes the metrics doubtful. */
function suspicionBanner({ manifest }: ShownRun): Banner[] {
  const [first, ...others] = shownSuspicions([manifest]);
  if (first === undefined) return [];
  const actions = manifest.experimentFile === null ? [] : [openExperiment];
  return [{ kind: 'warning', text: [first, ...others].join('\n'), actions }];
}

function statusBanner(run: ShownRun): Banner | null {
  const { manifest, history, canTrain } = run;
  const goOn = canTrain ? [resume] : [];
  switch (run.status) {
    case 'failed':
      return failedBanner(run);
    case 'interrupted':
      return {
        kind: 'warning',
        text: sentence(manifest.error?.message ?? s('interruptedText')),
        actions: [...goOn, openLog],
      };
    case 'stopped': {
      const reason = history.end?.reason;
      const text = reason ? s('stoppedAt', sentence(reason)) : s('stoppedPlain');
      return { kind: 'info', text, actions: goOn };
    }
    case 'queued':
      return { kind: 'info', text: s(waitsFor(manifest)), actions: [openLog] };
    case 'finished':
      return finishedBanner(run);
    case 'running':
      return null;
  }
}

/** Says that a run was still getting better at its end. */
function finishedBanner({ manifest }: ShownRun): Banner | null {
  const epochs = bestIsLast(manifest);
  if (epochs === null) return null;
  const actions = manifest.experimentFile === null ? [] : [openExperiment];
  return { kind: 'info', text: s('bestIsLast', epochs), actions };
}

function failedBanner({ manifest, status, history, canTrain }: ShownRun): Banner {
  const { error } = manifest;
  // The machine has refused to go on, and may not refuse again.
  const goOn = canTrain && error?.code.startsWith(refusedCodes) === true ? [resume] : [];
  const place = error && errorPlace(error);
  return {
    kind: 'error',
    text: error?.message ?? history.end?.reason ?? s('failedText'),
    detail: place ? s('place', place) : null,
    actions:
      hasDiverged({ manifest, status }) && manifest.experimentFile !== null
        ? [openExperiment, openLog]
        : [...goOn, openLog],
  };
}

/** A run that has trained before is being resumed; a run of a comparison waits for those before it. */
function waitsFor({ times, experiment }: RunManifest): 'readingAgain' | 'readingData' | 'waitingTurn' {
  if (times.started !== null) return 'readingAgain';
  return experiment === null ? 'readingData' : 'waitingTurn';
}

/** Returns `census.mmoe.json:3:12`; null where the place is not known. */
function errorPlace({ file, line, column }: RunError): string | null {
  if (file === undefined) return null;
  return file + (line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`);
}

/** Makes a trainer's reason the beginning of a sentence, its large numbers in groups of three. */
const sentence = (reason: string): string =>
  reason.charAt(0).toUpperCase() +
  reason.slice(1).replaceAll(/(?<![\d.])\d{4,}/g, (digits) => formatCount(Number(digits)));
