import { describe, expect, it } from 'vitest';
import { checkExtensionBundle } from './check-extension-bundle.mjs';

const bundle = (bytes: number, inputs: string[]) => ({
  inputs: {},
  outputs: {
    'dist/extension.cjs': {
      bytes,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(inputs.map((input) => [input, { bytesInOutput: 10 }])),
    },
  },
});

describe('the extension’s bundle', () => {
  it('may hold the host and its packages', () => {
    expect(() =>
      checkExtensionBundle(bundle(399_000, ['src/host/commands.ts', 'node_modules/valibot/dist/index.mjs'])),
    ).not.toThrow();
  });

  it('must stay light', () => {
    expect(() => checkExtensionBundle(bundle(400_001, ['src/host/commands.ts']))).toThrow('400001 bytes');
  });

  it.each([
    'node_modules/@duckdb/node-api/lib/index.js',
    'node_modules/@tensorflow/tfjs-core/dist/index.js',
    'src/training/train.ts',
    'src/data/prepare.ts',
  ])('must not hold %s', (input) => {
    expect(() => checkExtensionBundle(bundle(1000, [input]))).toThrow(input);
  });
});
