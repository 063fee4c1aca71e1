import { releaseMemory } from './release.js';

/** Bytes that buffers may grow by before they are collected. */
const maxGrowth = 3e6;

const bufferBytes = (): number => process.memoryUsage().arrayBuffers;

/**
 * Keeps the buffers that a long work leaves behind small. Short-lived buffers that outlive a collection of
 * young garbage wait for a collection of all garbage, which the few objects of a training hardly ever cause.
 */
export class BufferWatch {
  private floor = bufferBytes();

  /**
   * Releases memory if buffers have grown since the last time. Call it between epochs: it may take some
   * milliseconds.
   */
  async check(): Promise<void> {
    if (bufferBytes() < this.floor + maxGrowth) return;
    await releaseMemory();
    this.floor = bufferBytes();
  }
}
