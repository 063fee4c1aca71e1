import type { TableRun } from '../../shared/messages/table-run-schema.js';
import { experimentOfRun } from '../../shared/names.js';
import { currentEpoch } from '../../shared/run/training-progress.js';
import { settingsAt } from '../../shared/settings/run-settings.js';
import { mainMetric } from '../../shared/task-kinds.js';
import type { ReadableRun } from '../runs/run-collection.js';
import { shortRowsKeys } from '../runs/runs-by-rows.js';

/** Returns a run as the table shows it. `paths`: the settings in which runs differ. */
export function tableRun({ entry }: ReadableRun, name: string, paths: readonly string[]): TableRun {
  const { manifest, status, progress } = entry;
  const { summary, data, comparison } = manifest;
  const settings = settingsAt(manifest, paths);
  return {
    folder: entry.folder,
    id: entry.id,
    name,
    status,
    epoch: progress === null ? null : currentEpoch(manifest, progress.step),
    epochs: manifest.epochs,
    starred: manifest.starred,
    archived: manifest.archived === true,
    tags: manifest.tags,
    experiment: experimentOfRun(manifest),
    comparison: comparison === null ? null : { id: comparison.id, name: comparison.name },
    created: manifest.times.created,
    seconds: progress?.seconds ?? manifest.times.seconds,
    parameters: manifest.parameters,
    rows: data === null ? null : shortRowsKeys(manifest),
    settings: paths.map((path) => settings?.get(path) ?? null),
    scores: Object.fromEntries(
      manifest.tasks.map(({ name: task, kind }) => {
        const metric = mainMetric(kind);
        return [
          task,
          {
            kind,
            validation: summary?.validation[task]?.[metric] ?? null,
            test: summary?.test?.[task]?.[metric] ?? null,
          },
        ];
      }),
    ),
  };
}
