import { blocksOf, type ReadRows } from './read-columns.js';

/** Reads all blocks of rows. */
export async function readBlocks(...asked: Parameters<typeof blocksOf>): Promise<ReadRows[]> {
  const blocks: ReadRows[] = [];
  for await (const block of blocksOf(...asked)) blocks.push(block);
  return blocks;
}
