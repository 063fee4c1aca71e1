import { baselineVariant, contrast, seedsThatTell } from '../../shared/comparison.js';
import type { RunContext } from '../../shared/messages/run-protocol.js';
import { variantOf } from '../../shared/run/comparison-rest.js';
import type { RunManifest, RunTask } from '../../shared/run/run-manifest.js';
import { seedPath, settingsOf, variantPath } from '../../shared/settings/run-settings.js';
import { mainMetric } from '../../shared/task-kinds.js';
import type { ReadableRun } from '../runs/run-collection.js';
import type { RunNames } from '../runs/run-names.js';

/**
 * Returns what a run is among others: its name, how it stands beside single-task runs with the same settings and
 * data, and the run whose settings it is held against; `all` are the runs of its experiment.
 */
export function runContext(
  run: ReadableRun,
  all: readonly ReadableRun[],
  names: RunNames,
  other: ReadableRun | null,
): RunContext {
  return {
    name: names.full(run),
    standing: standingOf(
      run.entry.manifest,
      all.map(({ entry }) => entry.manifest),
    ),
    other:
      other === null
        ? null
        : {
            name: names.full(other),
            experiment: other.entry.manifest.experiment,
            experimentFile: other.entry.manifest.experimentFile,
          },
  };
}

/** Returns each task's difference from single-task, over all seeds that both were trained with. */
function standingOf(run: RunManifest, all: readonly RunManifest[]): RunContext['standing'] {
  if (run.data === null || variantOf(run.experiment) === baselineVariant) return [];
  const finished = all.filter(({ status, data }) => status === 'finished' && data !== null);
  const wanted = keyOf(run);
  const its = finished.filter((one) => keyOf(one) === wanted);
  const [own, alone] = [variantOf(run.experiment), baselineVariant].map((variant) =>
    its.filter(({ experiment }) => variantOf(experiment) === variant),
  );
  const split = [...own!, ...alone!].every(({ summary }) => (summary?.test ?? null) !== null)
    ? 'test'
    : 'validation';
  return run.tasks.flatMap((task) => {
    const gain = contrast(valuesOf(alone!, task, split), valuesOf(own!, task, split), mainMetric(task.kind));
    if (gain === null) return [];
    const { mean, p, verdict } = gain;
    return [
      { task: task.name, split, seeds: own!.length, mean, p, verdict, seedsToTell: seedsThatTell(gain) },
    ];
  });
}

/** Returns a key of a run's data and of all its settings but variant and seed. */
const keyOf = ({ experiment, experimentFile, data }: RunManifest): string =>
  JSON.stringify([
    data?.fingerprint,
    ...[...(settingsOf({ experiment, experimentFile }) ?? [])].filter(
      ([path]) => path !== seedPath && path !== variantPath,
    ),
  ]);

function valuesOf(
  runs: readonly RunManifest[],
  { name, kind }: RunTask,
  split: 'test' | 'validation',
): Map<number, number> {
  return new Map(
    runs.flatMap(({ seed, summary }) => {
      const value = summary?.[split]?.[name]?.[mainMetric(kind)] ?? null;
      return value === null ? [] : [[seed, value]];
    }),
  );
}
