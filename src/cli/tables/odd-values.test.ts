import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowEncoder, emptyInputs } from '../../data/encode/row-encoder.js';
import type { PreparedData } from '../../data/prepared.js';
import { csv, TempWorkspace } from '../../data/temp-workspace.fixture.js';
import { createEngine } from '../../engine/create-engine.js';
import type { Engine, EngineOptions } from '../../engine/engine.js';
import { createTensorflowEngine } from '../../engine/tensorflow/tensorflow.js';
import { modelOf } from '../../experiment/defaults.js';
import { scales } from '../../experiment/schema/columns.js';
import type { ExperimentInput } from '../../experiment/schema.js';
import { initialWeights } from '../../network/parameters.js';
import { buildNetwork } from '../../network/variants.js';
import { optimizerSettings } from '../../training/optimizer-settings.js';
import { defaults } from '../../experiment/defaults.js';
import { evaluateRows, predictionColumns } from './predictions.js';

/** Whatever one feature of a row is: no prediction leaves its range, and none is NaN. */

const columns: ExperimentInput['columns'] = {
  ...Object.fromEntries(scales.map((scale) => [scale, { kind: 'numeric', scale } as const])),
  target: { kind: 'numeric', scale: { number: 'minmax', bins: 5, edges: 'target', values: 3 } },
  waves: { kind: 'numeric', scale: { number: 'none', periodic: 5, sigma: 3, embedding: 2 } },
  skewed: { kind: 'numeric', scale: { number: 'quantile', bins: 4, piecewise: 4, edges: 'target' } },
};
const names = Object.keys(columns);
const rows = 60;

let workspace: TempWorkspace;
let data: PreparedData;

beforeAll(async () => {
  workspace = await TempWorkspace.create();
  await workspace.write(
    'odd.csv',
    csv(rows, {
      ...Object.fromEntries(
        names.map((name, i) => [
          name,
          (row: number) => (row % (i + 5) === 0 ? '' : Math.round(40 * Math.sin((i + 1) * row)) / 4),
        ]),
      ),
      price: (row) => 3 + ((row * 7) % 27),
      sold: (row) => (row % 3 === 0 ? 1 : 0),
      kind: (row) => ['a', 'b', 'c'][row % 3]!,
    }),
  );
  data = await workspace.prepare({
    data: { source: 'odd.csv', validation: 0, test: 0 },
    columns,
    tasks: [
      { label: 'price', kind: 'regression', limit: 0.1 },
      { label: 'sold', kind: 'binary' },
      { label: 'kind', kind: 'multiclass' },
    ],
  });
});
afterAll(() => workspace.remove());

const engines = {
  fused: (options: EngineOptions) => createEngine('fused', options),
  tensorflow: (options: EngineOptions) => createTensorflowEngine(options, 'cpu'),
} satisfies Record<string, (options: EngineOptions) => Promise<Engine>>;

const odd = fc.constantFrom(1e30, -1e30, 5e-324, -5e-324, NaN, 3.4e38, 1e300, 0);
const model = fc.record({
  activation: fc.constantFrom('relu' as const, 'silu' as const, 'gelu' as const),
  normalization: fc.constantFrom('none' as const, 'layer' as const, 'batch' as const),
  choose: fc.constantFrom('all' as const, { top: 2 }, { selectors: 2 }),
  seed: fc.integer({ min: 1, max: 1000 }),
});

describe.each(['fused', 'tensorflow'] as const)('the %s engine', (name) => {
  it('keeps every prediction in its range, whatever a single feature is', async () => {
    await fc.assert(
      fc.asyncProperty(
        model,
        fc.constantFrom(...names),
        odd,
        async ({ activation, normalization, choose, seed }, feature, value) => {
          const { encoder } = data;
          const layers = { activation, normalization };
          const settings = modelOf({
            experts: { count: 3, layers: [6, 4], ...layers },
            towers: { layers: [4], ...layers },
            gates: { choose },
          });
          const description = buildNetwork(settings, data.input, data.tasks);
          const weights = initialWeights(description, seed);
          const engine = await engines[name]({
            description,
            weights,
            optimizer: optimizerSettings(defaults.training),
            threads: 1,
          });
          try {
            const numbers = new Map(
              names.map((column) => [
                column,
                Float64Array.of(column === feature ? value : 1.5, column === feature ? value : NaN),
              ]),
            );
            const inputs = emptyInputs(encoder, 2);
            const raw = { rows: 2, numbers, texts: new Map(), free: () => undefined };
            new RowEncoder(encoder, new Map()).encode(raw, Uint32Array.of(0, 1), inputs);
            const labels = new Float32Array(2 * encoder.tasks.length).fill(NaN);
            const rows = { rows: 2, ...inputs, labels, weights: null };
            const evaluation = evaluateRows(engine, [weights], encoder, rows, false);
            for (const column of predictionColumns(encoder, description, { gates: false, members: 1 }))
              for (const prediction of column.values(evaluation)) {
                if (typeof prediction === 'string') continue;
                const [low, high] = column.name === 'price' ? [3 - 2.6, 29 + 2.6] : [0, 1];
                expect(prediction).toBeGreaterThanOrEqual(low);
                expect(prediction).toBeLessThanOrEqual(high);
              }
          } finally {
            engine.dispose();
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
