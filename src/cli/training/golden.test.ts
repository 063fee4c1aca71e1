import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareData } from '../../data/prepare.js';
import { writeSampleWorkspace } from '../../data/sample/sample.js';
import { createFusedEngine } from '../../engine/fused/engine.js';
import { experimentFromText } from '../../experiment/load.js';
import { initialWeights } from '../../network/parameters.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import { Members } from '../../engine/members.js';
import { FolderInMemory } from '../../training/small-run.fixture.js';
import { train } from '../../training/train.js';
import { goldenExperiments, smallTable } from './golden.fixture.js';
import { planTraining } from './training-plan.js';

/**
 * The first 16 digits of the SHA-256 of the weights that the first version with such files trained, on the
 * kernel that is the same everywhere. They change only where CHANGELOG.md says that the old ones were wrong.
 */
const golden: Record<keyof typeof goldenExperiments, string> = {
  'all defaults': 'ba47aef3909a03b8',
  'films, mmoe': '3817a83c8f053c72',
  'films, fm and a bottom': 'a9ef888d5c3c6f51',
  'synthetic, omoe': '049d150abf6c05d2',
  'single-task': 'edab6946b37b8335',
  'shared-bottom': '78b9478ecf21b9b5',
  'l2-constrained': '204943c250db89e8',
  'cross-stitch': 'bb864f16515f9827',
  'tensor-factorization': 'bd6bd33fe426a5b3',
  cgc: 'a5edab79b20755a2',
  ple: '57df723b75ad71ca',
  pathnet: '973d173671e48d43',
  'mmoe, top 2 of experts with dropout': '306076f92b543e0b',
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-golden-'));
  await writeSampleWorkspace(folder);
  await writeFile(join(folder, 'small.csv'), smallTable());
});
afterAll(() => rm(folder, { recursive: true }));

const names = Object.keys(goldenExperiments) as (keyof typeof goldenExperiments)[];

it.each(names)('%s: a file without the key "defaults" trains to the same bits', async (name) => {
  const file = { path: join(folder, 'a.mmoe.json'), text: JSON.stringify(goldenExperiments[name]) };
  const { experiment } = experimentFromText(file);
  const data = await prepareData(experiment, { folder, workspace: folder, file });
  const plan = planTraining(experiment, data, file, 1);
  const { training } = plan.experiment;
  const engine = await createFusedEngine(
    {
      description: plan.description,
      weights: initialWeights(plan.description, training.seed),
      optimizer: optimizerSettings(training),
      seed: training.seed,
      threads: 1,
    },
    'wasm simd',
  );
  try {
    await train({
      data,
      description: plan.description,
      members: new Members([engine]),
      settings: training,
      paths: plan.experiment.model.paths,
      sink: new FolderInMemory(),
      resume: null,
      clock: () => 0,
    });
    const hash = createHash('sha256');
    for (const [key, { data: values }] of [...engine.weights()].sort(([one], [other]) =>
      one < other ? -1 : 1,
    ))
      hash.update(key).update(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    expect(hash.digest('hex').slice(0, 16)).toBe(golden[name]);
  } finally {
    engine.dispose();
  }
});
