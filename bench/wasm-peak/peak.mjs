/**
 * The peak of WebAssembly's 128-bit vectors in a matrix product that stays in the first cache, GFLOP/s of all threads
 * together in `rowsPerSecond`'s place. `node peak.mjs FILE THREADS`; FILE: the product as build.mjs compiles it.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** @param {WebAssembly.Module} module @param {number} seconds @returns GFLOP/s of this thread */
function measure(module, seconds) {
  const { exports } = new WebAssembly.Instance(module, {});
  const { prepare, multiply } = /** @type {Record<string, (times: number) => number>} */ (
    /** @type {unknown} */ (exports)
  );
  if (prepare === undefined || multiply === undefined) throw new Error('the product lacks a function');
  const operations = prepare(0);
  const times = 2000;
  multiply(times);
  let best = Infinity;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    const began = performance.now();
    multiply(times);
    best = Math.min(best, performance.now() - began);
  }
  return (operations * times) / best / 1e6;
}

if (!isMainThread) {
  const { module, seconds } = workerData;
  parentPort?.postMessage(measure(module, seconds));
} else {
  const [file = '', threads = '1'] = process.argv.slice(2);
  const module = await WebAssembly.compile(new Uint8Array(await readFile(file)));
  for await (const line of createInterface({ input: process.stdin })) {
    const { seconds } = JSON.parse(line);
    const measured = Array.from(
      { length: Number(threads) },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { module, seconds } });
          worker.once('message', resolve).once('error', reject);
        }),
    );
    const rates = await Promise.all(measured);
    console.log(JSON.stringify({ rowsPerSecond: rates.reduce((sum, rate) => sum + rate, 0) }));
  }
}
