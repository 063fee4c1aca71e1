import type { RunListEntry } from '../../run/store/run-list-entry.js';
import { RunStore } from '../../run/store/store.js';
import { runIds, runsFolderHere } from '../runs/find-run.js';
import { formatMetric, formatDuration } from '../../shared/numbers.js';
import { mainScore } from '../terminal/summary-table.js';
import { formatTable } from '../terminal/table.js';
import { printJson, stdout } from '../terminal/terminal.js';

/** The newest first. */
export async function runsCommand(options: { runs?: string; json?: boolean }): Promise<void> {
  const runsFolder = runsFolderHere(options.runs);
  // A folder that cannot be read is not one without runs.
  await runIds(runsFolder);
  const store = new RunStore(runsFolder);
  const entries = await store.list();
  store.dispose();
  if (options.json === true) {
    printJson(entries.map(toJson));
    return;
  }
  const readable = entries.filter((entry) => entry.state === 'ok');
  if (readable.length > 0) {
    for (const line of formatTable(
      ['id', 'name', 'status', 'metric', 'best', 'time'],
      readable.map(toRow),
      4,
    ))
      stdout.line(line);
  } else stdout.line(`no runs in ${runsFolder}`);
  for (const entry of entries)
    if (entry.state === 'unreadable') stdout.line(`${entry.id}: cannot be read: ${entry.reason}`);
}

function toRow({ id, manifest, status, progress }: Extract<RunListEntry, { state: 'ok' }>): string[] {
  const score = mainScore(manifest);
  const percent = progress?.steps ? ` ${Math.floor((100 * progress.step) / progress.steps)} %` : '';
  const name = `${manifest.starred ? '★ ' : ''}${manifest.name}`;
  return [
    id,
    name,
    status + percent,
    score?.label ?? '',
    formatMetric(score?.value),
    formatDuration(manifest.times.seconds),
  ];
}

/** The manifest with the status that the run really has. */
function toJson(entry: RunListEntry): object {
  if (entry.state === 'unreadable') return { id: entry.id, folder: entry.folder, unreadable: entry.reason };
  return { ...entry.manifest, status: entry.status, folder: entry.folder, progress: entry.progress };
}
