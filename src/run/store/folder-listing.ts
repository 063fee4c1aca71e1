import { watch, type FSWatcher } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { doLater } from '../files/file-work.js';
import { refuseLinkedRuns } from '../files/run-file.js';
import { troubleOf, type RunsTrouble } from './runs-trouble.js';
import type { Slices } from '../files/slices.js';

/** What was changed so shortly before it was looked at may change again within the same time stamp. */
export const coarseClockMilliseconds = 3000;

/** The folders within a runs folder, which may not exist yet, and whether it can be read at all. */
export class FolderListing {
  private currentTrouble: RunsTrouble | null = null;
  /** When the folder was changed that was listed last, or its permissions; null: it has to be listed. */
  private listed: number | null = null;
  private watcher: FSWatcher | null = null;

  /** `onNews`: called when a watched folder has changed. */
  constructor(
    private readonly runsFolder: string,
    private readonly onNews: () => void,
  ) {}

  /** Null: as of the last listing the folder could be read, or there is none yet. */
  get trouble(): RunsTrouble | null {
    return this.currentTrouble;
  }

  /**
   * Lists the folder; null: it is as it was when it was listed last, or cannot be read. `watched`: whether its
   * news are wanted from now on.
   */
  async list(slices: Slices, watched: boolean): Promise<ReadonlySet<string> | null> {
    const ids = new Set<string>();
    try {
      await doLater(refuseLinkedRuns(this.runsFolder));
      const { ctimeMs } = await stat(this.runsFolder);
      if (watched) this.watch();
      if (this.listed === ctimeMs) return null;
      this.listed = Date.now() - ctimeMs > coarseClockMilliseconds ? ctimeMs : null;
      for await (const item of await opendir(this.runsFolder, { bufferSize: 512 })) {
        // A link is listed, and refused by name when it is read.
        if ((item.isDirectory() || item.isSymbolicLink()) && !item.name.startsWith('.')) ids.add(item.name);
        if (slices.isOver) await slices.next();
      }
      this.currentTrouble = null;
    } catch (error) {
      this.listed = null;
      this.unwatch();
      const trouble = await troubleOf(error, this.runsFolder);
      // One object for as long as it is the same trouble.
      if (JSON.stringify(trouble) !== JSON.stringify(this.currentTrouble)) this.currentTrouble = trouble;
      if (this.currentTrouble?.is === 'unreadable') return null;
    }
    return ids;
  }

  unwatch(): void {
    this.watcher?.close();
    this.watcher = null;
  }

  private watch(): void {
    if (this.watcher !== null) return;
    try {
      this.watcher = watch(this.runsFolder, { persistent: false }, () => {
        this.listed = null;
        this.onNews();
      });
      this.watcher.on('error', () => this.unwatch());
    } catch {
      // Out of watches, or a file system without them: looking finds it, later.
    }
  }
}
