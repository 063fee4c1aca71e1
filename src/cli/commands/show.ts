import { RunReader, type RunReading } from '../../run/reader.js';
import { InputError } from '../../shared/errors.js';
import { keptEpochText } from '../../shared/run/kept-epoch.js';
import { memberCount } from '../../shared/run/members.js';
import { RunHistory } from '../../shared/run/run-history.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import type { EventOf } from '../../shared/run/run-events.js';
import { outsideLines } from '../../shared/run/outside-text.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { lastOfLevel, shownEpoch } from '../../shared/run/shown-epoch.js';
import { suspicions } from '../../shared/run/suspicion-text.js';
import { vocabularyText } from '../../shared/run/vocabulary-text.js';
import { findRun, runsFolderHere } from '../runs/find-run.js';
import { endAdvice } from '../training/training-report.js';
import { chosenLines, matchText, startLines, streamText } from '../terminal/model-text.js';
import { formatCount, formatDuration, formatMetric, formatRate, formatWeight } from '../../shared/numbers.js';
import { taskText } from '../terminal/task-text.js';
import { summaryTable } from '../terminal/summary-table.js';
import { formatTable } from '../terminal/table.js';
import { bold, printJson, stdout } from '../terminal/terminal.js';

const barWidth = 20;

export async function showCommand(run: string, options: { runs?: string; json?: boolean }): Promise<void> {
  const folder = await findRun(run, runsFolderHere(options.runs));
  const reading = await new RunReader(folder).read();
  if (reading.state !== 'ok') {
    throw new InputError('run.unreadable', reading.state === 'gone' ? 'the run is gone' : reading.reason, {
      file: folder,
    });
  }
  const { manifest, status } = reading;
  if (options.json === true) {
    printJson({ ...manifest, status, folder });
    return;
  }
  const history = new RunHistory();
  history.add(reading.events);
  for (const section of [
    head(reading, folder),
    summaryTable(manifest),
    epochTable(manifest, history),
    ...gateBars(reading, history),
  ]) {
    if (section.length === 0) continue;
    for (const line of section) stdout.line(line);
    stdout.line();
  }
}

function head(
  { manifest, status, skippedLines }: Extract<RunReading, { state: 'ok' }>,
  folder: string,
): string[] {
  const { data, engine, times, error, network, parameters, git } = manifest;
  const lines = [bold(stdout, `${manifest.name}  ${status}`)];
  const add = (name: string, text: string | null): void => {
    if (text !== null) lines.push(`${name.padEnd(12)}${text}`);
  };
  add('run', `${manifest.id} in ${folder}`);
  add('experiment', manifest.experimentFile);
  const rows = data?.rows;
  add('data', data === null ? null : `${data.source}, ${formatCount(data.inputs)} inputs`);
  add(
    'rows',
    rows === undefined
      ? null
      : `${formatCount(rows.train)} train, ${formatCount(rows.validation)} validation, ` +
          `${formatCount(rows.test)} test`,
  );
  add('stream', data?.stream === undefined ? null : streamText(data.stream));
  for (const line of outsideLines(data?.outside ?? [])) add('outside', line);
  for (const column of data?.vocabularies ?? []) add('column', vocabularyText(column));
  if (rows !== undefined)
    for (const task of manifest.tasks) add('task', `${task.name}: ${taskText(task, rows)}`);
  const members = memberCount(manifest);
  add(
    'model',
    network === null
      ? null
      : `${members > 1 ? `${members} members of ` : ''}${network.variant}, ` +
          `${formatCount(parameters ?? 0)} parameters`,
  );
  for (const line of chosenLines(manifest.chosen ?? {}, rows?.train ?? 0)) add('chosen', line);
  for (const line of manifest.from === undefined ? [] : startLines(manifest.from)) add('from', line);
  add('matched', network?.matched === undefined ? null : matchText(network.matched));
  add(
    'engine',
    engine === null
      ? null
      : `${engine.name} (${engine.target}), ${engine.threads} threads` +
          (engine.why === '' ? '' : `; ${engine.why}`),
  );
  add(
    'time',
    formatDuration(times.seconds) +
      (times.rowsPerSecond === null ? '' : `, ${formatRate(times.rowsPerSecond)} rows/s`),
  );
  const best = keptEpochText(manifest);
  add('best epoch', best === null ? null : `${best} of ${manifest.epochs ?? '–'}`);
  for (const suspicion of suspicions(manifest)) add('suspicious', suspicion);
  for (const advice of endAdvice(manifest)) add('advice', advice);
  add(
    'git',
    git === null
      ? null
      : git.commit.slice(0, 10) +
          (git.branch === null ? '' : ` on ${git.branch}`) +
          (git.dirty === true ? ', with changes' : ''),
  );
  add('tags', manifest.tags.length === 0 ? null : manifest.tags.join(', '));
  add('notes', manifest.notes === '' ? null : manifest.notes);
  add('error', error === null ? null : error.message);
  if (skippedLines > 0) add('log', `${skippedLines} lines of events.jsonl cannot be read`);
  return lines;
}

function epochTable({ tasks }: RunManifest, { epochs }: RunHistory): string[] {
  if (epochs.length === 0) return [];
  const columns = tasks.flatMap(({ name, kind }) => [
    { task: name, metric: mainMetric(kind) },
    { task: name, metric: 'loss' },
  ]);
  const rows = epochs.map(({ epoch, validation, train, best, time }) => [
    `${epoch}${best ? ' *' : ''}`,
    ...columns.map(({ task, metric }) => formatMetric((validation ?? train)[task]?.[metric])),
    formatDuration(time),
  ]);
  return formatTable(
    ['epoch', ...columns.map(({ task, metric }) => `${task} ${metricLabel(metric)}`), 'time'],
    rows,
  );
}

/**
 * Returns bars, per level, of each expert's mean weight on each stream over all rows, after the epoch that is
 * kept; of a run that trains, the latest.
 */
function gateBars(
  { manifest, status }: Extract<RunReading, { state: 'ok' }>,
  { routes }: RunHistory,
): string[][] {
  const { network, summary } = manifest;
  return (network?.levels ?? []).map((level, index) => {
    const shown = lastOfLevel(routes, index, shownEpoch(manifest, status));
    const streams = shown?.groups[0]?.streams;
    if (shown === undefined || streams === undefined) return [];
    const ofLevel = (network?.levels.length ?? 1) > 1 ? `, level ${index + 1}` : '';
    const best = shown.epoch === summary?.bestEpoch ? ' (best)' : '';
    const members = memberCount(manifest);
    const ofMember = members > 1 ? `, member 1 of ${members}` : '';
    const title = `who uses which expert${ofLevel}${ofMember}, after epoch ${shown.epoch}${best}`;
    return [title, ...level.streams.flatMap(({ name }, stream) => barsOf(name, streams[stream]))];
  });
}

function barsOf(
  name: string,
  stream: EventOf<'routes'>['groups'][number]['streams'][number] | undefined,
): string[] {
  const digits = String(stream?.mean.length ?? 1).length;
  const lines = (stream?.mean ?? []).map((mean, expert) => {
    const full = Math.round(Math.max(0, Math.min(1, mean)) * barWidth);
    const bar = '█'.repeat(full) + '░'.repeat(barWidth - full);
    return `  ${String(expert + 1).padStart(digits)} ${bar} ${formatWeight(mean)}`;
  });
  return [name, ...lines];
}
