import type { TableRun, TableValue } from '../../../src/shared/messages/table-run-schema.js';
import { dash, formatCount, formatDuration, formatMetric } from '../../../src/shared/numbers.js';
import { filePath, isDerived, seedPath } from '../../../src/shared/settings/run-settings.js';
import { settingName, valueText } from '../../../src/shared/settings/setting-text.js';
import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';

export interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** What the column is, where the label alone does not say it. */
  readonly title: string;
  readonly isNumber: boolean;
  /** Whether differences to the baseline stand beside the values: metrics have them. */
  readonly isScore: boolean;
  /** In pixels, at the least. */
  readonly width: number;
  /** The value that runs are sorted and grouped by; null: there is none. */
  valueOf(run: TableRun): TableValue;
  textOf(run: TableRun): string;
}

/** Settings and metrics that are shown unasked, at most. */
const mostSettings = 4;
const mostScores = 4;

const plain = (
  id: string,
  label: string,
  width: number,
  valueOf: (run: TableRun) => TableValue,
  textOf: (run: TableRun) => string = (run) => textOfValue(valueOf(run)),
  isNumber = false,
): TableColumn => ({ id, label, title: label, isNumber, isScore: false, width, valueOf, textOf });

const textOfValue = (value: TableValue): string => (value === null ? dash : valueText(value));

/** Returns all columns that there can be for these runs, in the order in which they are offered. */
export function columnsOf(runs: readonly TableRun[], paths: readonly string[]): TableColumn[] {
  const tasks = new Map(
    [...runs]
      .reverse()
      .flatMap(({ scores }) => Object.entries(scores).map(([name, { kind }]) => [name, kind])),
  );
  return [
    plain('name', s('runName'), nameWidth(runs), ({ name }) => name),
    plain('status', s('status'), 110, ({ status }) => status, statusText),
    plain(
      'tags',
      s('tags'),
      110,
      ({ tags }) => (tags.length === 0 ? null : tags.join(', ')),
      ({ tags }) => tags.join(', '),
    ),
    plain('experiment', s('experiment'), 120, ({ experiment }) => experiment),
    plain('comparison', s('comparison'), 160, ({ comparison }) => comparison?.name ?? null),
    ...paths.flatMap((path, index) => (isShownSetting(path) ? [settingColumn(path, index, runs)] : [])),
    ...[...tasks].flatMap(([task, kind]) =>
      (['test', 'validation'] as const).map((split) => scoreColumn(task, kind, split)),
    ),
    plain(
      'parameters',
      s('parametersColumn'),
      90,
      ({ parameters }) => parameters,
      (run) => formatCount(run.parameters),
      true,
    ),
    plain(
      'time',
      s('trainingTime'),
      90,
      ({ seconds }) => seconds,
      (run) => timeText(run),
      true,
    ),
    plain(
      'started',
      s('startedAt'),
      110,
      ({ created }) => created,
      ({ created }) => dateText(created),
      true,
    ),
    plain('id', s('runId'), 170, ({ id }) => id),
  ];
}

/** Pixels of a letter, about, and of what stands around a text. */
const letter = 7;
const around = 22;

const widthOf = (label: string, texts: readonly string[], least = 60, most = 170): number =>
  Math.min(
    most,
    Math.max(
      least,
      around + letter * texts.reduce((size, { length }) => Math.max(size, length), label.length),
    ),
  );

/** A long name is cut off rather than all that stands beside it pushed out of sight. */
const nameWidth = (runs: readonly TableRun[]): number =>
  widthOf(
    '',
    runs.map(({ name }) => name),
    160,
    340,
  );

const isShownSetting = (path: string): boolean => path !== filePath && !isDerived(path);

function settingColumn(path: string, index: number, runs: readonly TableRun[]): TableColumn {
  const valueOf = ({ settings }: TableRun): TableValue => settings[index] ?? null;
  return {
    id: `setting:${path}`,
    label: settingName(path),
    title: path,
    isNumber: path !== 'model.variant',
    isScore: false,
    width: widthOf(settingName(path), runs.map(valueOf).map(textOfValue)),
    valueOf,
    textOf: (run) => textOfValue(valueOf(run)),
  };
}

function scoreColumn(
  task: string,
  kind: TableRun['scores'][string]['kind'],
  split: 'test' | 'validation',
): TableColumn {
  const valueOf = ({ scores }: TableRun): number | null => scores[task]?.[split] ?? null;
  const label = `${task} ${metricLabel(mainMetric(kind))} ${s(split === 'test' ? 'testRows' : 'validationRows')}`;
  return {
    id: `score:${split}:${task}`,
    label,
    title: s(split === 'test' ? 'scoreOnTest' : 'scoreOnValidation', task),
    isNumber: true,
    isScore: true,
    width: Math.max(150, 30 + 7 * label.length),
    valueOf,
    textOf: (run) => formatMetric(valueOf(run)),
  };
}

/** Returns the ids of the columns that are shown where a person has chosen none. */
export function usualColumns(columns: readonly TableColumn[], runs: readonly TableRun[]): string[] {
  const has = (id: string): boolean => columns.some((column) => column.id === id);
  const settings = columns.filter(({ id }) => id.startsWith('setting:') && id !== `setting:${seedPath}`);
  const split = runs.some(({ scores }) => Object.values(scores).some(({ test }) => test !== null))
    ? 'test'
    : 'validation';
  const scores = columns.filter(({ id }) => id.startsWith(`score:${split}:`));
  return [
    'name',
    'tags',
    ...settings.slice(0, mostSettings).map(({ id }) => id),
    `setting:${seedPath}`,
    ...scores.slice(0, mostScores).map(({ id }) => id),
    'parameters',
    'time',
    'started',
  ].filter(has);
}

const statusText = ({ status }: TableRun): string => s(status);

function timeText({ status, epoch, epochs, seconds }: TableRun): string {
  if (status === 'queued') return s('queued');
  if (status === 'running' && epoch !== null && epochs !== null) return s('epochOf', epoch, epochs);
  return formatDuration(seconds);
}

/** The day of the week of the last days, else the date, with the time. */
function dateText(created: string): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return dash;
  const days = (Date.now() - date.getTime()) / 86_400_000;
  return dates[days < 6 ? 'week' : days < 300 ? 'year' : 'ever'].format(date);
}

/** Making one takes far longer than to write a date with it. */
const dateFormat = (day: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(undefined, { ...day, hour: '2-digit', minute: '2-digit', hour12: false });
const dates = {
  week: dateFormat({ weekday: 'short' }),
  year: dateFormat({ month: 'short', day: 'numeric' }),
  ever: dateFormat({ year: 'numeric', month: 'short', day: 'numeric' }),
};
