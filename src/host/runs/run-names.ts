import { isDeepStrictEqual } from 'node:util';
import { experimentOfRun } from '../../shared/names.js';
import { isDefaultName, nameWithin, SettingCounts } from '../../shared/settings/run-names.js';
import type { RunListEntry } from '../../run/store/run-list-entry.js';

/** A run and the folder that holds its `.mmoe`. */
export interface NamedRun {
  readonly entry: RunListEntry;
  readonly workspace: string;
}

/** What runs are called among those of their experiment, as they come, change and go. */
export class RunNames {
  private readonly groups = new Map<string, SettingCounts>();
  /** Names as they were made last: of very many runs they take long, and lists ask for them again and again. */
  private readonly made = new WeakMap<Manifest, MadeName>();

  /** Counts a run instead of what it was before; null: it was not there, or is no longer. */
  replace(workspace: string, before: RunListEntry | null, now: RunListEntry | null): void {
    const [old, next] = [manifestOf(before), manifestOf(now)];
    if (old !== null && next !== null && isSameName(old, next)) return;
    if (old !== null) this.groups.get(keyOf(workspace, old))?.remove(old);
    if (next === null) return;
    const key = keyOf(workspace, next);
    const counts = this.groups.get(key) ?? new SettingCounts();
    this.groups.set(key, counts);
    counts.add(next);
  }

  /** Returns what a run is called below its experiment: `mmoe · learningRate .01 · seed 3`. */
  short({ entry, workspace }: NamedRun): string {
    const manifest = manifestOf(entry);
    return manifest === null ? entry.id : this.nameOf(manifest, workspace).short;
  }

  /** Returns what a run is called where runs of several experiments are: `census · mmoe · seed 3`. */
  full({ entry, workspace }: NamedRun): string {
    const manifest = manifestOf(entry);
    return manifest === null ? entry.id : this.nameOf(manifest, workspace).full;
  }

  private nameOf(manifest: Manifest, workspace: string): MadeName {
    const counts = this.groups.get(keyOf(workspace, manifest));
    const known = this.made.get(manifest);
    if (known !== undefined && known.counts === counts && known.version === counts?.version) return known;
    const short = counts === undefined ? manifest.name : nameWithin(manifest, counts);
    const experiment =
      manifest.experiment === null || !isDefaultName(manifest) ? null : experimentOfRun(manifest);
    const full = experiment === null ? short : `${experiment} · ${short}`;
    const made = { counts, version: counts?.version, short, full };
    this.made.set(manifest, made);
    return made;
  }

  /** The settings in which any runs differ. */
  get telling(): readonly string[] {
    return SettingCounts.merged(this.groups.values()).telling;
  }

  /** Returns the settings in which the runs of a run's experiment differ. */
  tellingOf({ entry, workspace }: NamedRun): readonly string[] {
    const manifest = manifestOf(entry);
    return manifest === null ? [] : (this.groups.get(keyOf(workspace, manifest))?.telling ?? []);
  }

  /** Returns a text that changes when the names of a group's runs may have changed. */
  stateOf(workspace: string, experimentFile: string | null): string {
    return this.groups.get(`${workspace}\n${experimentFile ?? ''}`)?.telling.join() ?? '';
  }
}

interface MadeName {
  readonly short: string;
  readonly full: string;
  /** The runs that it was made among, and as of which of their changes. */
  readonly counts: SettingCounts | undefined;
  readonly version: number | undefined;
}

type Manifest = Extract<RunListEntry, { state: 'ok' }>['manifest'];

const manifestOf = (entry: RunListEntry | null): Manifest | null =>
  entry?.state === 'ok' ? entry.manifest : null;

const keyOf = (workspace: string, { experimentFile }: Manifest): string =>
  `${workspace}\n${experimentFile ?? ''}`;

/** A run that trains changes all the time, and hardly ever what it is called. */
const isSameName = (old: Manifest, next: Manifest): boolean =>
  old.name === next.name &&
  old.experimentFile === next.experimentFile &&
  isDeepStrictEqual(old.experiment, next.experiment);
