import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { modelOf } from '../../src/experiment/defaults.js';
import type { ModelInput } from '../../src/experiment/schema/model.js';
import { variants, type Variant } from '../../src/experiment/schema/variants.js';
import { buildNetwork } from '../../src/network/variants.js';
import type { TaskSettings } from '../../src/network/variants/building-blocks.js';
import { variantPicture, type PictureWords } from './variant-picture.js';

const folder = new URL('../../docs/variants/', import.meta.url);

const tasks: TaskSettings[] = ['task A', 'task B'].map((name) => ({
  name,
  kind: 'binary',
  outputs: 1,
  lossWeight: 1,
}));
const input = { numeric: 10, fields: [] };

const subscripts = '₁₂₃₄';
const factors = (level: number, expert: number): string => ['U₁', `S${subscripts[expert]}`, 'U₂'][level]!;

/** Small enough to be seen at a glance. */
const small: Partial<Record<Variant, { model?: ModelInput; words?: Omit<PictureWords, 'title'> }>> = {
  'l2-constrained': { words: { between: () => 'α‖θ − θ′‖²' } },
  'cross-stitch': { model: { experts: { count: 2, layers: [4, 4] } } },
  'tensor-factorization': {
    words: { expert: factors, between: (level) => (level === 2 ? 'the same' : null) },
  },
  cgc: { model: { experts: { count: 2, layers: [4], perTask: 1, shared: 2 } } },
  ple: { model: { experts: { count: 2, layers: [4], perTask: 1, shared: 1 }, levels: 2 } },
  pathnet: { model: { experts: { count: 3, layers: [4] }, levels: 2, paths: { active: 2 } } },
};

describe('the pictures in docs/variants', () => {
  test.each(variants)(
    '%s is drawn from its network (rewritten, and failing, where it differs)',
    (variant) => {
      const { model, words } = small[variant] ?? {};
      const settings = modelOf({
        variant,
        experts: { count: 4, layers: [4] },
        towers: { layers: [4] },
        ...model,
      });
      const drawn = variantPicture(buildNetwork(settings, input, tasks), {
        title: `${variant}: its network for two tasks`,
        ...words,
      });
      const file = fileURLToPath(new URL(`${variant}.svg`, folder));
      const before = read(file);
      if (before !== drawn) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, drawn);
      }
      expect(drawn).toBe(before);
    },
  );
});

test('docs/variants.md has a chapter and the picture of every variant', () => {
  const text = readFileSync(new URL('../variants.md', folder), 'utf8');
  for (const variant of variants) {
    expect(text).toContain(`\n## ${variant}\n`);
    expect(text).toContain(`](variants/${variant}.svg)`);
  }
});

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}
