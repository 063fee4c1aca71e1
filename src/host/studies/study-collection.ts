import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { doLater } from '../../run/files/file-work.js';
import { LineFollower } from '../../run/files/line-follower.js';
import { refuseLinkedRuns } from '../../run/files/run-file.js';
import { pollMilliseconds } from '../../run/store/store.js';
import { doneOf, type StudyRecord, type StudyStatus } from '../../shared/study/record.js';
import { readAbout } from '../../study/about.js';
import { readStudyRecord, studyPathsIn, studyStatus, type StudyPaths } from '../../study/store.js';

/** A study as the tree and the commands know it. */
export interface HostStudy {
  readonly paths: StudyPaths;
  /** The folder that holds `.mmoe`. */
  readonly workspace: string;
  readonly record: StudyRecord;
  /** As a person calls it, or else its file. */
  readonly name: string;
  readonly notes: string;
  readonly status: StudyStatus;
  /** How many of its trainings are there. */
  readonly done: number;
}

interface Followed {
  readonly lines: LineFollower;
  /** Of the trainings that are there. */
  readonly keys: Set<string>;
  /** What it looked like when it was announced last. */
  seen: string;
  study: HostStudy | null;
}

/** A line begins with its key, so that the rest need not be read. */
const keyOfLine = /^\{"key":"([^"\\]+)"/;

/** The studies of the workspace, as one list that is kept up to date. Their lines are counted, never parsed. */
export class StudyCollection implements vscode.Disposable {
  private readonly followed = new Map<string, Followed>();
  private folders: ReadonlySet<string> = new Set();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private readonly watcher = vscode.workspace.createFileSystemWatcher(
    '**/.mmoe/studies/*/{study,about}.json',
  );
  private readonly subscriptions: readonly vscode.Disposable[];
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor() {
    const look = (): void => void this.refresh();
    this.subscriptions = [
      this.changes,
      this.watcher,
      this.watcher.onDidCreate(look),
      this.watcher.onDidChange(look),
      this.watcher.onDidDelete(look),
    ];
  }

  /** Those that train first, then the one that was trained last. */
  get studies(): readonly HostStudy[] {
    return [...this.followed.values()]
      .flatMap(({ study }) => (study === null ? [] : [study]))
      .sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || (begunAt(a) < begunAt(b) ? 1 : -1));
  }

  at(folder: string): HostStudy | undefined {
    return this.followed.get(folder)?.study ?? undefined;
  }

  /** Returns the study of a study file that has been trained. */
  ofFile(path: string): HostStudy | undefined {
    return this.studies.find(
      ({ workspace, record: { origin } }) => origin.is === 'file' && join(workspace, origin.path) === path,
    );
  }

  /** Follows the studies of the workspaces that have these runs folders. */
  async followAll(runsFolders: ReadonlySet<string>): Promise<void> {
    this.folders = new Set([...runsFolders].map((folder) => join(dirname(folder), 'studies')));
    await this.refresh();
  }

  /** Looks at all studies now. */
  async refresh(): Promise<void> {
    this.looking = this.looking.then(() => this.look());
    await this.looking;
  }

  private async look(): Promise<void> {
    if (this.disposed) return;
    if (this.timer !== null) clearTimeout(this.timer);
    const found = (await Promise.all([...this.folders].map(studiesIn))).flat();
    const isThere = new Set(found);
    let changed = false;
    for (const folder of this.followed.keys())
      if (!isThere.has(folder)) changed = this.followed.delete(folder) || changed;
    for (const folder of found) changed = (await this.lookAt(folder)) || changed;
    if (this.isOver()) return;
    if (changed) this.changes.fire();
    const isAnyLive = this.studies.some(isLive);
    this.timer = setTimeout(
      () => void this.refresh(),
      isAnyLive ? pollMilliseconds.live : pollMilliseconds.idle,
    );
    this.timer.unref();
  }

  private isOver(): boolean {
    return this.disposed;
  }

  /** Reads what is new of a study; returns whether it looks otherwise than before. */
  private async lookAt(folder: string): Promise<boolean> {
    const paths = studyPathsIn(folder);
    const followed = this.followed.get(folder) ?? {
      lines: new LineFollower(paths.runs),
      keys: new Set<string>(),
      seen: '',
      study: null,
    };
    this.followed.set(folder, followed);
    const { keys } = followed;
    try {
      const record = await readStudyRecord(paths);
      if (record !== null) {
        await followed.lines.read(
          (line) => {
            const key = keyOfLine.exec(line)?.[1];
            if (key !== undefined) keys.add(key);
          },
          () => keys.clear(),
        );
        const done = doneOf(record, keys);
        const status = await studyStatus(paths, record, done);
        const { name, notes } = await readAbout(paths);
        followed.study = {
          ...{ paths, workspace: dirname(dirname(dirname(folder))), record, status, done },
          ...{ name: name === '' ? record.name : name, notes },
        };
      } else followed.study = null;
    } catch {
      // A link, or a file that cannot be read: such a study is not shown.
      followed.study = null;
    }
    const { study, seen } = followed;
    followed.seen =
      study === null
        ? ''
        : JSON.stringify([
            study.name,
            study.notes,
            study.status,
            study.done,
            study.record.times,
            study.record.total,
          ]);
    return followed.seen !== seen;
  }

  dispose(): void {
    this.disposed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

export const isLive = ({ status }: HostStudy): boolean => status === 'running';

const begunAt = ({ record }: HostStudy): string => record.times.begun;

/** Returns the folders of a folder of studies; none where it is not there, or a link leads to it. */
async function studiesIn(folder: string): Promise<string[]> {
  try {
    await doLater(refuseLinkedRuns(folder));
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}
