import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { WorkError } from '../../../shared/errors.js';
import { secureFetch } from './secure-fetch.js';

/** Bytes that can be read in parts: a file, or a web server's. */
export interface RandomAccess {
  readonly size: number;
  read(offset: number, length: number): Promise<Buffer>;
  stream(offset: number, length: number): Promise<Readable>;
}

export async function fileAccess(path: string): Promise<RandomAccess> {
  const { size } = await stat(path);
  return {
    size,
    async read(offset, length) {
      const file = await open(path);
      try {
        const buffer = Buffer.alloc(length);
        const { bytesRead } = await file.read(buffer, 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    stream: (offset, length) =>
      Promise.resolve(createReadStream(path, { start: offset, end: offset + length - 1 })),
  };
}

/** Reads a file of a server by range requests; throws where the server does not serve them. */
export async function httpAccess(url: string): Promise<RandomAccess> {
  const probe = await range(url, 0, 1);
  await probe.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(probe.headers.get('content-range') ?? '')?.[1]);
  if (!Number.isSafeInteger(size)) throw new Error(`${url}: the server does not say how large the file is`);
  return {
    size,
    read: async (offset, length) => Buffer.from(await (await range(url, offset, length)).arrayBuffer()),
    async stream(offset, length) {
      const { body } = await range(url, offset, length);
      if (body === null) throw new Error(`${url}: the server sent nothing`);
      return Readable.from(chunksOf(body.getReader()), { objectMode: false });
    },
  };
}

async function range(url: string, offset: number, length: number): Promise<Response> {
  const response = await secureFetch(url, { range: `bytes=${offset}-${offset + length - 1}` });
  if (response.status !== 206) {
    await response.body?.cancel();
    throw new WorkError(
      'tensorflow.index',
      `${url}: the server answers ${response.status} where a part of the file was asked for`,
    );
  }
  return response;
}

/** Yields a stream's chunks as `Readable.fromWeb` does, whose types do not know a browser's stream. */
async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
