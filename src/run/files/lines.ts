import { doLater } from './file-work.js';
import { readPart } from './run-file.js';

/** Bytes of a line that a reader takes: our own have thousands. A longer one is skipped, and never held. */
export const longestLine = 4 << 20;

const newline = 0x0a;

/** Cuts bytes that come in pieces into lines. It holds no more than one line, and works on each byte once. */
export class LineSplitter {
  /** Pieces of the line that has not ended yet. */
  private held: Buffer[] = [];
  private heldBytes = 0;
  private tooLong = 0;

  /** `isSkipping`: the bytes begin within a line that is too long. */
  constructor(
    private skipping = false,
    private readonly longest = longestLine,
  ) {}

  /** The lines that were too long, and have ended. */
  get skipped(): number {
    return this.tooLong;
  }

  /** Whether the bytes so far end within a line that is too long. */
  get isSkipping(): boolean {
    return this.skipping;
  }

  /** Bytes at the end that belong to no whole line, and are held until it is. */
  get unfinished(): number {
    return this.heldBytes;
  }

  /** Returns the lines that end within this piece. */
  push(piece: Buffer): string[] {
    return this.cut(piece).map((line) => line.toString('utf8'));
  }

  /** Returns the bytes of the lines that end within this piece, which may lie in the piece. */
  cut(piece: Buffer): Buffer[] {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, start)) {
      if (this.skipping || this.heldBytes + end - start > this.longest) this.tooLong++;
      else if (this.held.length === 0) lines.push(piece.subarray(start, end));
      else lines.push(Buffer.concat([...this.held, piece.subarray(start, end)]));
      this.letGo();
      this.skipping = false;
      start = end + 1;
    }
    this.hold(piece.subarray(start));
    return lines;
  }

  private hold(rest: Buffer): void {
    if (rest.length === 0 || this.skipping) return;
    this.held.push(rest);
    this.heldBytes += rest.length;
    if (this.heldBytes <= this.longest) return;
    this.letGo();
    this.skipping = true;
  }

  private letGo(): void {
    this.held = [];
    this.heldBytes = 0;
  }
}

/** Read at a time: what a reader parses at one go. */
export const chunkBytes = 1 << 18;

/** Reads the lines of an open file, some at a time; a last one without an end is left out. */
export async function* readLines(file: number): AsyncGenerator<string[]> {
  const splitter = new LineSplitter();
  for (let at = 0; ;) {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    const bytes = await doLater(readPart(file, chunk, at));
    if (bytes === 0) return;
    at += bytes;
    yield splitter.push(chunk.subarray(0, bytes));
  }
}
