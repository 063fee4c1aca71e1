/**
 * Measures training steps of this project's engines and of what people use instead, side by side.
 *
 *   npm run bench -- [--quick] [--configurations A,B] [--batches 32,256] [--rounds 7] [--seconds 0.4]
 *   [--threads 1,2]
 *                    [--only NAME,NAME] [--python PATH] [--census EXPERIMENT.mmoe.json] [--json FILE]
 *   npm run bench -- --variants [--batches 256] [--threads 2] [--rounds 7] [--seconds 0.4]
 *   npm run bench -- --reading EXPERIMENT.mmoe.json [--rounds 7]
 *   npm run bench -- --wide 3000x100000
 *   npm run bench -- --tables [--python PATH] [--old CHECKOUT] [--batches 256,1024,4096] [--widths 16,46]
 *                    [--sizes 1e3,1e4,1e5,1e6,1e7] [--targets native,"wasm relaxed"] [--threads 2] [--rounds 7]
 *   npm run bench -- --stream [--rows 5000000] [--rounds 3] [--workspace FOLDER] [--without-memory]
 *   npm run bench -- --runs 100000 [--workspace FOLDER]
 *   npm run bench -- --runs-table 10000 [--old CHECKOUT] [--workspace FOLDER] [--rounds 3]
 *   npm run bench -- --pages [--old CHECKOUT] [--rounds 7]
 *   npm run bench -- --memory EXPERIMENT.mmoe.json [--rounds 3] [--set training.epochs=2]
 *   npm run bench -- --accuracy --python PATH [--workspace FOLDER] [--census FOLDER] [--only TABLE,TABLE]
 *                    [--variants-of-ours NAME,NAME] [--peers lightgbm,catboost,tabm] [--seeds 3]
 *   npm run bench -- --tuner [--python PATH] [--table FOLDER] [--repeats 20] [--only NAME,NAME]
 *
 * Every round measures every contender once, so that a change of the machine's mood meets all of them; ratios
 * are taken within a round, and their median is reported. MMOE_BENCH_PYTHON and MMOE_BENCH_CENSUS are the
 * same as the two options.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/paths.mjs';
import { measureAccuracy } from './accuracy/measure.mjs';
import { bundleData, bundleSources, bundleTuner, bundleVariants } from './bundle.mjs';
import { censusConfiguration } from './census.mjs';
import { batches as allBatches, configurations } from './configurations.mjs';
import { findContenders } from './contenders.mjs';
import { measureMemory, memoryText } from './reading/memory.mjs';
import { measureReading, readingText } from './reading/reading.mjs';
import { measurePages, pagesText } from './pages/pages.mjs';
import { measureRuns, runsText } from './runs/runs.mjs';
import { measureRunsTable, runsTableText } from './runs/runs-table.mjs';
import { measureStream, streamText } from './tables/stream.mjs';
import { measureTables } from './tables/tables.mjs';
import { measureTuner } from './tuner/measure.mjs';
import { buildWasmPeak } from './wasm-peak/build.mjs';
import { measureWide, wideText } from './reading/wide.mjs';
import { flopsPerRow, median, ratio, table, variantsText } from './report.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    configurations: { type: 'string' },
    batches: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    threads: { type: 'string' },
    only: { type: 'string' },
    python: { type: 'string' },
    census: { type: 'string' },
    json: { type: 'string' },
    reading: { type: 'string' },
    wide: { type: 'string' },
    stream: { type: 'boolean', default: false },
    rows: { type: 'string', default: '5000000' },
    'without-memory': { type: 'boolean', default: false },
    tables: { type: 'boolean', default: false },
    old: { type: 'string' },
    widths: { type: 'string', default: '16,46' },
    sizes: { type: 'string', default: '1e3,1e4,1e5,1e6,1e7' },
    targets: { type: 'string', default: 'native' },
    memory: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    variants: { type: 'boolean', default: false },
    runs: { type: 'string' },
    'runs-table': { type: 'string' },
    pages: { type: 'boolean', default: false },
    workspace: { type: 'string' },
    accuracy: { type: 'boolean', default: false },
    'variants-of-ours': { type: 'string' },
    peers: { type: 'string', default: 'lightgbm,catboost' },
    seeds: { type: 'string', default: '3' },
    tuner: { type: 'boolean', default: false },
    table: { type: 'string' },
    repeats: { type: 'string', default: '20' },
  },
});
const { quick } = values;
const list = (/** @type {string | undefined} */ text) => text?.split(',').map((part) => part.trim());
const rounds = Number(values.rounds ?? (quick ? 3 : 7));
const seconds = Number(values.seconds ?? (quick ? 0.15 : 0.4));
const threads = (list(values.threads) ?? (quick ? ['2'] : ['1', '2'])).map(Number);
const batches = list(values.batches)?.map(Number) ?? (quick ? [32, 1024] : allBatches);
const python = values.python ?? process.env['MMOE_BENCH_PYTHON'] ?? 'python3';
const census = values.census ?? process.env['MMOE_BENCH_CENSUS'];

if (values.pages) {
  console.log(pagesText(await measurePages({ rounds, old: values.old })));
  process.exit(0);
}
if (values.runs !== undefined) {
  console.log(runsText(await measureRuns(Number(values.runs), values.workspace)));
  process.exit(0);
}

if (values['runs-table'] !== undefined) {
  const { workspace, old } = values;
  const measured = await measureRunsTable(Number(values['runs-table']), { workspace, old, rounds });
  console.log(runsTableText(measured));
  process.exit(0);
}

if (values.accuracy) {
  const measured = await measureAccuracy({
    folder: resolve(values.workspace ?? join(root, '.cache/bench/accuracy')),
    python,
    census,
    only: list(values.only),
    variants: list(values['variants-of-ours']),
    peers: values.peers,
    seeds: Number(values.seeds),
  });
  console.log(measured);
  process.exit(0);
}

if (values.tuner) {
  const measured = await measureTuner(await bundleTuner(), {
    // Without a Python that is named, the tuner is compared with random draws alone.
    python: values.python ?? process.env['MMOE_BENCH_PYTHON'] ?? null,
    table: values.table,
    repeats: Number(values.repeats),
    only: list(values.only),
  });
  console.log(measured);
  process.exit(0);
}

if (values.reading !== undefined) {
  console.log(readingText(await measureReading(values.reading, await bundleData(), rounds)));
  process.exit(0);
}

if (values.tables) {
  const numbers = (/** @type {string | undefined} */ text) => (text ? (list(text) ?? []) : []).map(Number);
  await measureTables({
    ...{ python, old: values.old === undefined ? undefined : resolve(values.old) },
    batches: values.batches === undefined ? [256, 1024, 4096] : numbers(values.batches),
    ...{ embeddings: numbers(values.widths), sizes: numbers(values.sizes), rounds, seconds },
    ...{ threads: Math.max(...threads), targets: list(values.targets) ?? [] },
  });
  process.exit(0);
}

if (values.stream) {
  const measured = await measureStream({
    rows: Number(values.rows),
    rounds: Number(values.rounds ?? 3),
    folder: resolve(values.workspace ?? join(root, '.cache/bench/stream')),
    inMemory: !values['without-memory'],
  });
  console.log(streamText(measured));
  process.exit(0);
}

if (values.wide !== undefined) {
  const [columns = NaN, rows = NaN] = values.wide.split('x').map(Number);
  console.log(wideText(await measureWide(columns, rows)));
  process.exit(0);
}

if (values.memory !== undefined) {
  const options = { rounds: Number(values.rounds ?? 3), set: values.set };
  console.log(memoryText(await measureMemory(values.memory, await bundleData(), options)));
  process.exit(0);
}

if (values.variants) {
  const { module, kernels: folder } = await bundleVariants();
  const { measureVariants } = /** @type {typeof import('./variants.js')} */ (await import(module));
  for (const batch of list(values.batches)?.map(Number) ?? [256]) {
    const most = Math.max(...threads);
    console.log(
      variantsText(await measureVariants(folder, { batch, threads: most, rounds, seconds }), batch, most),
    );
  }
  process.exit(0);
}

const { engines: bundle, data, kernels } = await bundleSources();
/** @type {Record<string, import('./configurations.mjs').Configuration>} */
const chosen = { ...configurations };
if (census !== undefined) chosen['C'] = await censusConfiguration(resolve(census), data);
else console.log('C is skipped: --census names no experiment on Census-income');
for (const name of Object.keys(chosen))
  if (list(values.configurations)?.includes(name) === false) delete chosen[name];

const {
  entries: every,
  gemm,
  skipped,
} = findContenders({
  ...{ python, bundle, kernels, threads, quick },
  wasmPeak: await buildWasmPeak(),
});
const entries = every.filter(
  ({ contender }) =>
    values.only === undefined || list(values.only)?.some((part) => contender.name.startsWith(part)),
);
for (const reason of skipped) console.log(`skipped: ${reason}`);
console.log(
  [
    cpus()[0]?.model ?? 'unknown processor',
    `${cpus().length} processors`,
    ...(await cachesOf('/sys/devices/system/cpu/cpu0/cache')),
    `Node ${process.versions.node}\n`,
  ].join(', '),
);

/** @type {import('./report.mjs').Measured[]} */
const measured = [];
for (const [name, configuration] of Object.entries(chosen)) {
  for (const batch of batches) {
    /** @type {import('./report.mjs').Measured} */
    const here = { configuration: name, batch, rates: {}, errors: {} };
    for (let round = -1; round < rounds; round++) {
      for (const { contender, small } of entries) {
        if (here.errors[contender.name] !== undefined || (small && batch > 1024)) continue;
        // The first round prepares and warms up; threads of the one before have gone to sleep by the next.
        await new Promise((done) => setTimeout(done, 20));
        const answer = await contender.ask({
          configuration,
          batch,
          seconds: round < 0 ? seconds / 2 : seconds,
        });
        if ('error' in answer) here.errors[contender.name] = answer.error;
        else if (round >= 0) (here.rates[contender.name] ??= []).push(answer.rowsPerSecond);
      }
    }
    measured.push(here);
    for (const [contender, error] of Object.entries(here.errors)) {
      // A contender that cannot load here cannot for the next batch either.
      const missing = entries.findIndex(
        (entry) => entry.contender.name === contender && error.includes('does not load'),
      );
      if (missing >= 0) entries.splice(missing, 1);
      console.log(
        missing >= 0
          ? `skipped: ${contender}: ${error}`
          : `${name}, batch ${batch}: ${contender} failed: ${error}`,
      );
    }
  }
}
/** @type {Record<string, number>} */
const peak = {};
for (const contender of gemm) {
  const answer = await contender.ask({ seconds: quick ? 0.5 : 2 });
  if (!('error' in answer)) peak[contender.name] = answer.rowsPerSecond;
  contender.end();
}
for (const { contender } of entries) contender.end();

console.log(
  table(
    measured,
    entries.map(({ contender }) => contender.name),
  ),
);
for (const [name, gflops] of Object.entries(peak)) console.log(`${name}: ${gflops.toFixed(0)} GFLOP/s`);

const named = (/** @type {string} */ start) =>
  entries.map(({ contender }) => contender.name).filter((name) => name.startsWith(start));
const groups = {
  'pytorch eager': named('pytorch eager'),
  'all peers': entries.filter(({ ours }) => !ours).map(({ contender }) => contender.name),
};
const most = Math.max(...threads);
/** What each target is held against. @type {Record<string, string>} */
const peaks = { native: 'gemm peak', 'wasm simd': 'wasm simd peak', 'wasm relaxed': 'wasm relaxed peak' };
console.log('\nmedian of ratios within a round');
const summary = measured.map((each) => {
  /** @type {Record<string, number>} */
  const ratios = {};
  for (const target of ['native', 'wasm relaxed', 'wasm simd']) {
    for (const [group, peers] of Object.entries(groups))
      ratios[`${target}, ${most} / best ${group}`] = ratio(each, `${target}, ${most}`, peers);
  }
  const configuration = chosen[each.configuration];
  const shown = Object.entries(ratios).filter(([, value]) => !Number.isNaN(value));
  /** @type {Record<string, number>} */
  const shares = {};
  // Of C, whose inputs are mostly indices, nobody computes the products.
  if (configuration !== undefined && each.configuration !== 'C')
    for (const [target, reached] of Object.entries(peaks)) {
      const rate = median(each.rates[`${target}, ${most}`] ?? []);
      const share = (rate * flopsPerRow(configuration)) / 1e9 / (peak[`${reached}, ${most}`] ?? NaN);
      if (!Number.isNaN(share)) shares[target] = share;
    }
  const texts = Object.entries(shares).map(
    ([target, share]) => `${target} ${(100 * share).toFixed(0)} % of the ${peaks[target]}`,
  );
  console.log(
    `${each.configuration}, batch ${each.batch}: ` +
      [...shown.map(([what, value]) => `${what} ${value.toFixed(2)}`), ...texts].join('; '),
  );
  return { ...each, ratios, shares };
});

const file = values.json ?? join(root, 'out/bench.json');
await mkdir(dirname(resolve(file)), { recursive: true });
await writeFile(
  file,
  JSON.stringify(
    {
      cpu: cpus()[0]?.model,
      processors: cpus().length,
      node: process.versions.node,
      seconds,
      rounds,
      peak,
      measured: summary,
    },
    null,
    1,
  ),
);
console.log(`\nwritten: ${file}`);
process.exit(0);

/** The sizes of a processor's caches (Linux; elsewhere none). @param {string} folder */
async function cachesOf(folder) {
  const named = await readdir(folder).catch(() => []);
  return Promise.all(
    named
      .filter((name) => name.startsWith('index'))
      .sort()
      .map(async (name) => {
        const [level, type, size] = await Promise.all(
          ['level', 'type', 'size'].map((fact) => readFile(join(folder, name, fact), 'utf8')),
        );
        return `level ${level?.trim()} ${type?.trim().toLowerCase()} cache ${size?.trim()}`;
      }),
  );
}
