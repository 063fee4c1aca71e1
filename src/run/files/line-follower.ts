import { doLater, errorCode } from './file-work.js';
import { chunkBytes, LineSplitter } from './lines.js';
import { forEachInSlices, Slices } from './slices.js';
import { close, openToRead, readPart, sizeOf } from './run-file.js';

/** Follows the lines of a growing file by byte offset. */
export class LineFollower {
  /** Just after the last whole line taken in, or within a line that is too long. */
  private offset = 0;
  private skipping = false;
  private skipped = 0;

  constructor(readonly path: string) {}

  /** Lines that were too long to be taken. */
  get skippedLines(): number {
    return this.skipped;
  }

  /**
   * Takes the whole lines since the last call; a torn last line stays unread until it is whole. A file that has become
   * shorter is another one, and is read from its start: `restarted` is called first.
   */
  read(take: (line: string) => void, restarted?: () => void): Promise<void> {
    return this.readBytes((line) => take(line.toString('utf8')), restarted);
  }

  /** As `read`, for those who read lines as bytes. */
  async readBytes(take: (line: Buffer) => void, restarted: () => void = () => undefined): Promise<void> {
    let file;
    try {
      file = await doLater(openToRead(this.path));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw error;
    }
    try {
      const size = await doLater(sizeOf(file));
      if (size < this.offset) {
        this.offset = this.skipped = 0;
        this.skipping = false;
        restarted();
      }
      const splitter = new LineSplitter(this.skipping);
      const slices = new Slices();
      let at = this.offset;
      while (at < size) {
        const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, size - at));
        const bytesRead = await doLater(readPart(file, chunk, at));
        if (bytesRead === 0) break;
        at += bytesRead;
        await forEachInSlices(splitter.cut(chunk.subarray(0, bytesRead)), slices, take);
      }
      this.offset = at - splitter.unfinished;
      this.skipping = splitter.isSkipping;
      this.skipped += splitter.skipped;
    } finally {
      await doLater(close(file));
    }
  }
}
