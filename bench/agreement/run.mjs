/**
 * Compares this project's engines with public implementations: the same weights, the same batch, the same
 * outputs and gradients.
 *
 *   npm run agreement -- [--python PATH] [--engine fused|tensorflow]
 *
 * The Python environment has torch, and LibMTL or torch-rechub or both; docs/variants.md says what is
 * compared.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/paths.mjs';
import { bundleAgreement } from '../bundle.mjs';

const { values } = parseArgs({ options: { python: { type: 'string' }, engine: { type: 'string' } } });
const python = values.python ?? process.env['MMOE_BENCH_PYTHON'] ?? 'python3';
const engines = values.engine === undefined ? ['fused', 'tensorflow'] : [values.engine];
const { module, kernels } = await bundleAgreement();
const { cases } = /** @type {{ cases: (use: string, kernels: string) => Promise<object> }} */ (
  await import(module)
);
const folder = await mkdtemp(join(tmpdir(), 'mmoe-agreement-'));
let bad = false;
try {
  for (const engine of engines) {
    const file = join(folder, `${engine}.json`);
    await writeFile(file, JSON.stringify(await cases(engine, kernels)));
    const { status, error } = spawnSync(python, [join(root, 'bench/agreement/check.py'), file], {
      stdio: 'inherit',
    });
    if (error !== undefined) throw error;
    bad ||= status !== 0;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit(bad ? 1 : 0);
