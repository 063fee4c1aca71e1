import type { PreparedTask } from '../../data/prepared.js';
import type { MemberRows, Members } from '../../engine/members.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import {
  intoMemory,
  isStreamed,
  rowsAt,
  type PartOfRows,
  type StreamedRows,
} from '../../network/streamed-rows.js';
import { sampleRows } from '../order.js';
import { ScoredRows } from '../scores/evaluate.js';
import { HeldPart, StreamedPart, type ScoredPart } from '../scores/scored-part.js';

/** A part of the data in a file that has no more rows and bytes is taken into memory. */
export const heldLimit = { rows: 2 ** 20, bytes: 2 ** 27 };
/** Of a part that stays in its file, so many rows are inspected. */
const inspectedRows = 100_000;
/** A sample of rows in a file is drawn from so many of its blocks at most, so that few are read. */
const sampledBlocks = 256;

/** Whether a part is in memory, or may be taken there. */
export const isSmall = (part: PartOfRows, limit = heldLimit): boolean =>
  !isStreamed(part) || (part.rows <= limit.rows && part.rows * part.rowBytes <= limit.bytes);

interface Loaded {
  readonly loaded: MemberRows;
  readonly rows: EncodedRows;
}

/** Rows of the data that are evaluated, loaded once each. */
export class Parts {
  private readonly held = new Map<PartOfRows, Loaded>();
  private readonly borrowed = new Set<MemberRows>();
  private readonly samples: MemberRows[] = [];

  constructor(
    private readonly members: Members,
    private readonly tasks: readonly PreparedTask[],
    private readonly seed: number,
    private readonly limit: typeof heldLimit,
  ) {}

  /** Adds rows that have been loaded already; who has loaded them lets them go. */
  add(part: EncodedRows, loaded: MemberRows): void {
    this.held.set(part, { loaded, rows: part });
    this.borrowed.add(loaded);
  }

  /** Returns `count` rows of a part, the same for the same seed. */
  async some(part: PartOfRows, count: number): Promise<ScoredRows> {
    const held = await this.loadedOf(part);
    if (held !== null || !isStreamed(part))
      return this.scoredRows(held!, sampleRows(this.seed, part.rows, count));
    const rows = await this.sampleOf(part, count);
    const loaded = this.members.load(rows);
    this.samples.push(loaded);
    return this.scoredRows({ loaded, rows }, sampleRows(this.seed, rows.rows, rows.rows));
  }

  /** Returns a part to be scored as a whole, and those of its rows that are inspected. */
  async whole(part: PartOfRows): Promise<{ scored: ScoredPart; inspected: ScoredRows }> {
    const held = await this.loadedOf(part);
    if (held === null && isStreamed(part)) {
      const inspected = await this.some(part, Math.min(part.rows, inspectedRows));
      return { scored: new StreamedPart(part, this.tasks), inspected };
    }
    const inspected = await this.some(part, part.rows);
    return { scored: new HeldPart(inspected, this.tasks), inspected };
  }

  release(): void {
    for (const { loaded } of this.held.values()) if (!this.borrowed.has(loaded)) loaded.release();
    for (const loaded of this.samples) loaded.release();
  }

  /** Returns a part that is in memory, or may be taken there; null: it stays in its file. */
  private async loadedOf(part: PartOfRows): Promise<Loaded | null> {
    const known = this.held.get(part);
    if (known !== undefined) return known;
    if (!isSmall(part, this.limit)) return null;
    const rows = await intoMemory(part);
    const loaded = { loaded: this.members.load(rows), rows };
    this.held.set(part, loaded);
    return loaded;
  }

  private scoredRows({ loaded, rows }: Loaded, indices: Uint32Array): ScoredRows {
    return new ScoredRows(loaded, rows, indices, this.tasks);
  }

  private async sampleOf(part: StreamedRows, count: number): Promise<EncodedRows> {
    const { rows, blockRows } = part;
    const blocks = Math.ceil(rows / blockRows);
    if (blocks <= sampledBlocks) return rowsAt(part, sampleRows(this.seed, rows, count));
    const drawn = sampleRows(this.seed, blocks, sampledBlocks);
    // All drawn blocks have as many rows, but the file's last, which is the last of them.
    const last = drawn.at(-1)!;
    const inDrawn = (drawn.length - 1) * blockRows + Math.min(blockRows, rows - last * blockRows);
    const chosen = sampleRows(this.seed, inDrawn, Math.min(count, inDrawn));
    return rowsAt(
      part,
      chosen.map((place) => drawn[Math.floor(place / blockRows)]! * blockRows + (place % blockRows)),
    );
  }
}
