import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { predictionsSchema, type Predictions } from '../../shared/messages/predictions-protocol.js';

/** So many of the latest ones are kept. */
const most = 20;
const ending = '.json';

/** What is known of predictions, kept for tabs that come back with the window: nothing of it is in their file. */
export class KeptPredictions {
  /** `folder`: the extension's own, which need not be there yet. */
  constructor(private readonly folder: string) {}

  /** Keeps predictions, instead of those that were in the same file. Returns what they are found by. */
  async keep(predictions: Predictions): Promise<string> {
    const id = createHash('sha256')
      .update(predictions.report.out ?? '')
      .digest('hex')
      .slice(0, 16);
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, id + ending), JSON.stringify(predictions));
    await this.forgetOld();
    return id;
  }

  /** Returns null where they are no longer kept, or cannot be read. */
  async find(id: string): Promise<Predictions | null> {
    if (!/^[0-9a-f]{16}$/.test(id)) return null;
    try {
      const parsed = v.safeParse(
        predictionsSchema,
        JSON.parse(await readFile(join(this.folder, id + ending), 'utf8')),
      );
      return parsed.success ? parsed.output : null;
    } catch {
      return null;
    }
  }

  private async forgetOld(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith(ending));
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.folder, name);
        return { path, written: (await stat(path)).mtimeMs };
      }),
    );
    const old = files.sort((a, b) => b.written - a.written).slice(most);
    await Promise.all(old.map(({ path }) => rm(path, { force: true })));
  }
}
