import type { ComparedRun } from '../../shared/messages/compare-protocol.js';
import type { RunHistory } from '../../shared/run/run-history.js';
import type { Metrics, RunManifest } from '../../shared/run/run-manifest.js';
import { isKept } from '../../shared/run/kept-epoch.js';
import type { EventOf } from '../../shared/run/run-events.js';

/** A curve with more points would not look different. */
const maxEpochs = 500;

/** A readable entry of a store. */
type ReadRun = Pick<ComparedRun, 'folder' | 'status' | 'progress'> & { readonly manifest: RunManifest };

/**
 * Returns a run as the compare page needs it: only its epochs, their metrics on one split, and not every
 * epoch of a very long run.
 */
export function comparedRun(entry: ReadRun, { epochs }: RunHistory): ComparedRun {
  const { manifest } = entry;
  const split =
    epochs.length > 0 && epochs.every(({ validation }) => validation === null) ? 'train' : 'validation';
  return {
    folder: entry.folder,
    manifest: {
      id: manifest.id,
      name: manifest.name,
      experiment: manifest.experiment,
      experimentFile: manifest.experimentFile,
      data: manifest.data,
      tasks: manifest.tasks,
      seed: manifest.seed,
      parameters: manifest.parameters,
      epochs: manifest.epochs,
      stepsPerEpoch: manifest.stepsPerEpoch,
      times: manifest.times,
      summary: manifest.summary,
      error: manifest.error,
      comparison: manifest.comparison,
    },
    status: entry.status,
    progress: entry.progress,
    split,
    epochs: thinned(epochs).map((event) => ({
      epoch: event.epoch,
      time: event.time,
      best: event.best,
      ...(event.bestTasks && { bestTasks: event.bestTasks }),
      metrics: split === 'train' ? event.train : (event.validation ?? noMetrics),
    })),
  };
}

const noMetrics: Metrics = {};

/**
 * Keeps every n-th epoch, each task's best and the last. Which ones stays the same while the run grows, until n
 * doubles.
 */
function thinned(epochs: readonly EventOf<'epoch'>[]): EventOf<'epoch'>[] {
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2(epochs.length / maxEpochs)));
  const tasks = Object.keys(epochs[0]?.train ?? {});
  const kept = new Set(tasks.map((task) => epochs.findLast((event) => isKept(event, task))));
  return epochs.filter(
    (event, index) => index % stride === 0 || kept.has(event) || index === epochs.length - 1,
  );
}
