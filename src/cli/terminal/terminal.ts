import { isatty, type WriteStream } from 'node:tty';
import { asOneLine, safeText } from './safe-text.js';

/** A stream that a command writes to. */
export interface Output {
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly width: number;
  /**
   * Writes a piece of a line, with this program's own styles: nothing in it breaks the line, and in a terminal
   * nothing steers it.
   */
  write(text: string): void;
  /** Steers the terminal; nothing that people have named may be in it. */
  steer(sequence: string): void;
  /** Writes a piece and ends its line. */
  line(text?: string): void;
}

export const stdout = outputTo(process.stdout, 1);
export const stderr = outputTo(process.stderr, 2);

export function printError(text: string): void {
  stderr.line(`${stderr.colour ? '\u001b[31merror:\u001b[39m' : 'error:'} ${text}`);
}

/** Prints a value as JSON on several lines; whoever reads a pipe gets it as it is. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, null, 2);
  if (!stdout.isTerminal) stdout.steer(`${text}\n`);
  else for (const line of text.split('\n')) stdout.line(line);
}

export const bold = (output: Output, text: string): string =>
  output.colour ? `\u001b[1m${text}\u001b[22m` : text;
export const dim = (output: Output, text: string): string =>
  output.colour ? `\u001b[2m${text}\u001b[22m` : text;

/** Nobody reads any longer (`| head`, a closed terminal): go on in silence. */
export function surviveBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO' && error.code !== 'ERR_STREAM_DESTROYED')
        throw error;
    });
  }
}

function outputTo(stream: WriteStream, descriptor: number): Output {
  const isTerminal = isatty(descriptor);
  const steer = (text: string): void => {
    if (!stream.destroyed) stream.write(text);
  };
  const piece = (text: string): string => (isTerminal ? safeText(asOneLine(text)) : asOneLine(text));
  return {
    isTerminal,
    colour: isTerminal && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
    get width() {
      // A terminal that does not tell says 0.
      return isTerminal && stream.columns > 0 ? stream.columns : 80;
    },
    write: (text) => steer(piece(text)),
    steer,
    line: (text = '') => steer(`${piece(text)}\n`),
  };
}
