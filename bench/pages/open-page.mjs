/**
 * Called by bench/pages/pages.mjs in a process of its own: serves a run's page from a bundle of the host, and
 * writes the messages that the page is sent to a file. Prints how long that took and how long the event loop
 * was held up.
 */
import { writeFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';

const [, , module = '', folder = '', out = ''] = process.argv;
const { RunPageServer } = await import(pathToFileURL(module).href);

/** @param {unknown[]} messages */
async function open(messages) {
  let done = () => undefined;
  const sent = new Promise((resolve) => (done = () => void resolve(undefined)));
  const port = {
    post: (/** @type {any} */ message) => {
      messages.push(message);
      if (message.type === 'run' || message.type === 'gone') done();
      return Promise.resolve(true);
    },
    isVisible: () => true,
  };
  const server = new RunPageServer(folder, port, {
    canTrain: () => true,
    told: () => null,
    isWatched: () => true,
    context: () => null,
    state: () => undefined,
    log: (/** @type {string} */ text) => console.error(text),
    request: () => undefined,
  });
  server.receive({ type: 'ready', seq: 0 });
  await sent;
  await server.idle();
  server.dispose();
}

/** The processor's time that the loop has taken at most between two turns. */
let longest = 0;
let isMeasured = false;
// Of Node 24 on; of all threads before.
const { threadCpuUsage = process.cpuUsage } = /** @type {{ threadCpuUsage?: () => NodeJS.CpuUsage }} */ (
  process
);
let last = threadCpuUsage();
setInterval(() => {
  const now = threadCpuUsage();
  if (isMeasured) longest = Math.max(longest, (now.user + now.system - last.user - last.system) / 1000);
  last = now;
}, 1).unref();

// A window that has opened a page before has its code compiled.
await open([]);
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
await sleep(50);
delays.reset();
isMeasured = true;
/** @type {unknown[]} */
const messages = [];
const before = process.cpuUsage();
await open(messages);
const used = process.cpuUsage(before);
isMeasured = false;
await sleep(20);
delays.disable();
const bytes = serialize(messages);
await writeFile(out, bytes);
console.log(
  JSON.stringify({
    ...{ host: (used.user + used.system) / 1000, longest },
    ...{ p99: delays.percentile(99) / 1e6, bytes: bytes.length },
  }),
);
