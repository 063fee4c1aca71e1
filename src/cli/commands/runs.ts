import type { RunListEntry } from '../../run/store/run-list-entry.js';
import { RunStore } from '../../run/store/store.js';
import { derivedNames, fullName } from '../runs/derived-names.js';
import { runIds, runsFolderHere } from '../runs/find-run.js';
import { InputError } from '../../shared/errors.js';
import { asksFor, matchesQuery, parseQuery } from '../../shared/query/query.js';
import { factsOf } from '../../shared/query/run-facts.js';
import { formatMetric, formatDuration } from '../../shared/numbers.js';
import { mainScore } from '../terminal/summary-table.js';
import { formatTable } from '../terminal/table.js';
import { printJson, stdout } from '../terminal/terminal.js';

/** The newest first. */
export async function runsCommand(options: RunsOptions): Promise<void> {
  const runsFolder = runsFolderHere(options.runs);
  // A folder that cannot be read is not one without runs.
  await runIds(runsFolder);
  const store = new RunStore(runsFolder);
  const entries = chosenOf(await store.list(), options);
  store.dispose();
  if (options.json === true) {
    printJson(entries.map(toJson));
    return;
  }
  const readable = entries.filter((entry) => entry.state === 'ok');
  if (readable.length > 0) {
    for (const line of formatTable(['id', 'name', 'status', 'metric', 'score', 'time'], rowsOf(readable), 4))
      stdout.line(line);
  } else stdout.line(`no runs in ${runsFolder}${isFiltered(options) ? ' that are asked for' : ''}`);
  for (const entry of entries)
    if (entry.state === 'unreadable') stdout.line(`${entry.id}: cannot be read: ${entry.reason}`);
}

interface RunsOptions {
  readonly runs?: string;
  readonly json?: boolean;
  /** Runs with all of these tags. */
  readonly tag?: readonly string[];
  /** A query, as the editor's filter takes it. */
  readonly where?: string;
}

const isFiltered = ({ tag = [], where = '' }: RunsOptions): boolean => tag.length > 0 || where.trim() !== '';

/** Returns the entries that are asked for. Archived runs are listed where the query asks for them, or in JSON. */
function chosenOf(entries: readonly RunListEntry[], options: RunsOptions): RunListEntry[] {
  const { tag = [], where = '', json = false } = options;
  const parsed = parseQuery(where);
  if ('problem' in parsed)
    throw new InputError(
      'runs.where',
      `--where cannot be understood at character ${parsed.problem.at + 1}: ${parsed.problem.message}`,
    );
  const { query } = parsed;
  const withArchived = json || asksFor(query, 'archived');
  const derived = derivedNames(entries.flatMap((entry) => (entry.state === 'ok' ? [entry.manifest] : [])));
  return entries.filter((entry) => {
    if (entry.state !== 'ok') return !isFiltered(options);
    const { manifest, status } = entry;
    if (manifest.archived === true && !withArchived) return false;
    const name = fullName(manifest, derived.get(manifest)!);
    return (
      tag.every((one) => manifest.tags.includes(one)) &&
      matchesQuery(query, factsOf({ manifest, status, name }))
    );
  });
}

type ReadableEntry = Extract<RunListEntry, { state: 'ok' }>;

/** Several runs that run.json gives one name are called by what tells them apart. */
function rowsOf(entries: readonly ReadableEntry[]): string[][] {
  const derived = derivedNames(entries.map(({ manifest }) => manifest));
  const counts = new Map<string, number>();
  for (const { manifest } of entries) counts.set(manifest.name, (counts.get(manifest.name) ?? 0) + 1);
  return entries.map((entry) => {
    const { manifest } = entry;
    const isAlone = counts.get(manifest.name) === 1;
    return toRow(entry, isAlone ? manifest.name : fullName(manifest, derived.get(manifest)!));
  });
}

function toRow({ id, manifest, status, progress }: ReadableEntry, called: string): string[] {
  const score = mainScore(manifest);
  const percent = progress?.steps ? ` ${Math.floor((100 * progress.step) / progress.steps)} %` : '';
  const name = `${manifest.starred ? '★ ' : ''}${called}`;
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
