import { formatCount } from '../numbers.js';
import {
  settingsOf,
  type ComparedSettings,
  type ComparedValue,
  type RunWithSettings,
} from './run-settings.js';
import { settingText } from './setting-text.js';

/** Runs whose metrics are of the same rows, so that these can be ranked and compared. */
export interface RowsGroup {
  /** Says how these rows differ from those of the other groups; empty where there is one group only. */
  readonly label: string;
  /** Folders of its runs. */
  readonly folders: ReadonlySet<string>;
}

/**
 * Groups runs by the rows that they are judged by, in the order of each group's first run. These are the same
 * where everything that chooses rows and labels is, and the data has not changed meanwhile: encodings may
 * differ. A run whose data is not known yet is with the newest of those whose choice of rows it shares.
 */
export function groupsByRows(runs: readonly RunWithSettings[]): RowsGroup[] {
  const byChoice = new Map<string, { choice: Choice; runs: RunWithSettings[] }>();
  for (const run of runs) {
    const choice = choiceOf(run.manifest);
    const key = keyOf([...choice]);
    const known = byChoice.get(key);
    if (known === undefined) byChoice.set(key, { choice, runs: [run] });
    else known.runs.push(run);
  }
  const choices = [...byChoice.values()];
  const paths = new Set(choices.flatMap(({ choice }) => [...choice.keys()]));
  const differing = [...paths].filter(
    (path) => new Set(choices.map(({ choice }) => choice.get(path))).size > 1,
  );
  return choices.flatMap(({ choice, runs: its }) => {
    const label = labelOf(choice, differing);
    return byContents(its).map((part) => ({
      label: [label, part.version].filter((text) => text !== '').join(' · '),
      folders: new Set(part.runs.map(({ folder }) => folder)),
    }));
  });
}

/** What stands for the rows that a run is judged by, as the same texts for the same settings. */
export interface RowsKeys {
  /** Of all that chooses rows and labels, and their number. */
  readonly choice: string;
  /** Of all that the encoded rows follow from. */
  readonly encoding: string;
  /** Of the encoded rows themselves; empty: not known yet. */
  readonly fingerprint: string;
}

export const rowsKeys = (manifest: RunWithSettings['manifest']): RowsKeys => ({
  choice: `${keyOf([...choiceOf(manifest)])} ${rowsText(manifest)}`,
  encoding: encodingKey(settingsOf(manifest)),
  fingerprint: manifest.data?.fingerprint ?? '',
});

/** Returns the keys as one text. */
export const rowsKey = ({ choice, encoding, fingerprint }: RowsKeys): string =>
  `${choice} ${encoding} ${fingerprint}`;

/** Two runs are judged by the same rows if these are chosen alike, and the data has not changed meanwhile. */
export const isSameRows = (one: RowsKeys, other: RowsKeys): boolean =>
  one.choice === other.choice && (one.encoding !== other.encoding || one.fingerprint === other.fingerprint);

/** The settings that choose rows and labels. */
type Choice = ReadonlyMap<string, ComparedValue>;

/** Where a relative source of the data starts. */
const folderPath = 'folder';
/** These settings say how rows are read, encoded and kept, not which ones they are. */
const encodingOnly = /^data\.(scale|read|stream|window)\b/;
/** These say nothing but where the encoded rows are kept. */
const keptOnly = /^data\.(stream|window)$/;
/** The settings of a task that say what its label is. */
const labelSettings = /^tasks(\..*\.(label|kind|positive))?$/;

function choiceOf({ experiment, experimentFile }: RunWithSettings['manifest']): Choice {
  const choice = new Map<string, ComparedValue>();
  for (const [path, value] of settingsOf({ experiment, experimentFile }) ?? [])
    if ((path.startsWith('data.') && !encodingOnly.test(path)) || labelSettings.test(path))
      choice.set(path, value);
  if (experimentFile !== null)
    choice.set(folderPath, experimentFile.slice(0, experimentFile.lastIndexOf('/') + 1));
  return choice;
}

/**
 * Parts runs of one choice where the same settings have met other data: the table has changed meanwhile. Each
 * part says by its rows, or by its fingerprint, which data that was.
 */
function byContents(runs: readonly RunWithSettings[]): { runs: RunWithSettings[]; version: string }[] {
  const met = new Map<string, Set<string>>();
  const rows = new Set<string>();
  for (const { manifest } of runs) {
    if (manifest.data === null) continue;
    const key = encodingKey(settingsOf(manifest));
    met.set(key, (met.get(key) ?? new Set()).add(manifest.data.fingerprint));
    rows.add(rowsText(manifest));
  }
  const hasChanged = rows.size > 1 || [...met.values()].some((its) => its.size > 1);
  if (!hasChanged) return [{ runs: [...runs], version: '' }];
  const parts = new Map<string, RunWithSettings[]>();
  for (const run of runs) {
    const version = run.manifest.data === null ? null : rows.size > 1 ? rowsText(run.manifest) : '';
    const key = version === null ? ([...parts.keys()].at(-1) ?? '') : keyOfPart(run, version);
    parts.set(key, [...(parts.get(key) ?? []), run]);
  }
  return [...parts].map(([key, its]) => ({ runs: its, version: key }));
}

/** Returns `2,000 test rows`, or `data 6e9dcc4a` where as many rows are others. */
const keyOfPart = ({ manifest }: RunWithSettings, rows: string): string =>
  [rows, `data ${manifest.data?.fingerprint.slice(0, 8) ?? ''}`].filter((text) => text !== '').join(' · ');

function rowsText({ data }: RunWithSettings['manifest']): string {
  if (data === null) return '';
  const part = data.rows.test > 0 ? 'test' : 'validation';
  return `${formatCount(data.rows[part])} ${part} rows`;
}

/** Returns a key of all settings that the encoded rows follow from. */
const encodingKey = (settings: ComparedSettings | null): string =>
  keyOf(
    [...(settings ?? [])].filter(
      ([path]) => /^(columns|defaults|preset|data|tasks)\b/.test(path) && !keptOnly.test(path),
    ),
  );

const keyOf = (entries: readonly [string, ComparedValue][]): string =>
  JSON.stringify([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Returns `correlation .5`, or `films.csv`. */
const labelOf = (choice: Choice, differing: readonly string[]): string =>
  differing
    .flatMap((path) => {
      const value = choice.get(path);
      if (value === undefined) return [];
      return [path === 'data.source' || path === folderPath ? String(value) : settingText(path, value)];
    })
    .slice(0, 3)
    .join(' · ');
