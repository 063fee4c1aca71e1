import { execFileSync } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../../scripts/paths.mjs';
import { Contender } from '../contender.mjs';
import { hasModule } from '../contenders.mjs';
import { median } from '../report.mjs';

/**
 * @typedef {import('../configurations.mjs').Configuration & { vocabularies: number[], embedding: number,
 *   spread: number }} TablesCase `spread`: the power of the even draw that an id is; 1: all are alike frequent
 * @typedef {Record<string, { wall: number[], processor: number[] }>} Rates by contender, round by round
 */

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

const network = {
  inputs: 5,
  experts: 8,
  width: 16,
  tower: 8,
  kind: /** @type {const} */ ('binary'),
  tasks: 2,
};

/** A million rows of users and items. @param {number} embedding @returns {TablesCase} */
const recommender = (embedding) => ({
  ...network,
  ...{ rows: 1_000_000, vocabularies: [320_000, 80_000], embedding, spread: 2 },
});

/** One id of so many values, all alike frequent. @param {number} size @returns {TablesCase} */
const oneId = (size) => ({
  ...network,
  ...{ rows: 1_000_000, vocabularies: [size], embedding: 16, spread: 1 },
});

/**
 * Measures training with large tables: this checkout's engine, updating tables row by row and densely, that of
 * another checkout (`old`), and PyTorch, by turns.
 * @param {{ python: string, old: string | undefined, batches: number[], embeddings: number[], sizes: number[],
 *   rounds: number, seconds: number, threads: number, targets: string[] }} options
 */
export async function measureTables({
  python,
  old,
  batches,
  embeddings,
  sizes,
  rounds,
  seconds,
  threads,
  targets,
}) {
  const own = await bundleOf(root, 'tables');
  const before = old === undefined ? null : await bundleOf(old, 'tables-old');
  const engine = (
    /** @type {string} */ name,
    /** @type {{ module: string, kernels: string }} */ { module, kernels },
    /** @type {string} */ tables,
    /** @type {string} */ target,
  ) =>
    new Contender(name, process.execPath, [
      ...['--max-old-space-size=8192', here('tables-engine.mjs')],
      ...[tables, target, String(threads), module, kernels],
    ]);
  const ours = targets.map((target) => engine(`lazy ${target}`, own, 'lazy', target));
  const others = [
    engine('row-wise adagrad native', own, 'rowwise-adagrad', 'native'),
    engine('dense native', own, 'dense', 'native'),
    ...(before === null ? [] : [engine('old native', before, 'dense', 'native')]),
  ];
  const peers = ['dense', 'sparse', 'bag', 'modules'].flatMap((form) =>
    hasModule(python, 'torch')
      ? [
          new Contender(`pytorch ${form}`, python, [
            ...[here('../peers/tables.py'), '--form', form, '--threads', String(threads)],
          ]),
        ]
      : [],
  );
  const text = [];
  for (const embedding of embeddings) {
    for (const batch of batches) {
      const rates = await byTurns([...ours, ...others, ...peers], recommender(embedding), {
        ...{ batch, rounds, seconds },
      });
      text.push(
        `320,000 users, 80,000 items, width ${embedding}, batch ${batch}`,
        ...lines(rates, ours, peers),
      );
      console.log(text.splice(0).join('\n'));
    }
  }
  for (const contender of [...others, ...peers]) contender.end();
  for (const contender of ours) {
    /** @type {Rates} */
    const slope = {};
    for (const size of sizes) {
      const rates = await byTurns([contender], oneId(size), { batch: 1024, rounds, seconds });
      Object.assign(slope, { [`one id of ${size}`]: rates[contender.name] });
    }
    console.log(`${contender.name}, batch 1024, width 16`);
    for (const [name, { wall, processor }] of Object.entries(slope)) {
      const first = slope[`one id of ${sizes[0]}`];
      console.log(
        `  ${name.padEnd(24)}${rate(wall)} rows/s, ${rate(processor)} a processor second: ` +
          `${(median(processor) / median(first?.processor ?? [])).toFixed(2)} of the first`,
      );
    }
    contender.end();
  }
}

/**
 * Lets every contender train once a round.
 * @param {readonly Contender[]} contenders @param {TablesCase} configuration
 * @param {{ batch: number, rounds: number, seconds: number }} options @returns {Promise<Rates>}
 */
async function byTurns(contenders, configuration, { batch, rounds, seconds }) {
  /** @type {Rates} */
  const rates = {};
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      // The first round prepares; threads of the one before have gone to sleep by the next.
      await new Promise((done) => setTimeout(done, 20));
      const answer = await contender.ask({ configuration, batch, seconds });
      if ('error' in answer) {
        if (round < 0) console.log(`${contender.name} failed: ${answer.error}`);
      } else if (round >= 0) {
        const own = (rates[contender.name] ??= { wall: [], processor: [] });
        own.wall.push(answer.rowsPerSecond);
        own.processor.push(answer.rowsPerProcessorSecond ?? NaN);
      }
    }
  }
  return rates;
}

/** @param {Rates} rates @param {readonly Contender[]} ours @param {readonly Contender[]} peers */
function lines(rates, ours, peers) {
  const table = Object.entries(rates).map(
    ([name, { wall, processor }]) =>
      `  ${name.padEnd(26)}${rate(wall)} rows/s, ${rate(processor)} a processor second`,
  );
  const names = peers.map(({ name }) => name).filter((name) => rates[name] !== undefined);
  const against = (/** @type {string} */ name, /** @type {string[]} */ others) => {
    const ratio = (/** @type {'wall' | 'processor'} */ kind) =>
      median(
        (rates[name]?.[kind] ?? []).map(
          (own, round) => own / Math.max(...others.map((other) => rates[other]?.[kind][round] ?? -Infinity)),
        ),
      ).toFixed(1);
    return `${ratio('wall')} times in time, ${ratio('processor')} in processor time`;
  };
  const ratios = ours.flatMap(({ name }) => [
    ...(rates['old native'] === undefined
      ? []
      : [`  ${name} / old native: ${against(name, ['old native'])}`]),
    ...(names.length === 0 ? [] : [`  ${name} / best of PyTorch: ${against(name, names)}`]),
  ]);
  return [...table, ...ratios];
}

const rate = (/** @type {readonly number[]} */ values) =>
  `${(median(values) / 1000).toFixed(1).padStart(9)} k`;

/**
 * Bundles the fused engine of a checkout, and builds its kernel.
 * @param {string} checkout @param {string} name
 */
async function bundleOf(checkout, name) {
  const folder = join(root, '.cache/bench', name);
  const kernels = join(folder, 'fused');
  await mkdir(kernels, { recursive: true });
  execFileSync(process.execPath, [join(checkout, 'scripts/build-kernel.mjs'), '--to', kernels], {
    ...{ cwd: checkout, stdio: 'ignore' },
  });
  const outfile = join(folder, 'engine.mjs');
  await build({
    ...{ bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'warning' },
    stdin: {
      contents:
        "export { createFusedEngine } from './src/engine/fused/engine.ts';" +
        "export { initialWeights } from './src/network/parameters.ts';",
      ...{ resolveDir: checkout, loader: 'ts' },
    },
  });
  await cp(join(checkout, 'package.json'), join(folder, 'package.json'));
  return { module: pathToFileURL(outfile).href, kernels };
}
