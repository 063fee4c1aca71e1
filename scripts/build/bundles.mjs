import { join } from 'node:path';
import { dist, root } from '../paths.mjs';
import { duckdbBinding } from './duckdb-binding.mjs';

/** @import { BuildOptions } from 'esbuild' */

/** @type {BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  // tfjs registers kernels by importing for effect, and its sideEffects field drops such imports: never let
  // that pass unseen.
  logOverride: { 'ignored-bare-import': 'error' },
};

/**
 * CommonJS packages inside an ES module still ask for these three.
 * Names are long so that no bundled file declares the same ones.
 */
const commonJsGlobals = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  "import { dirname as dirnameOfBundle } from 'node:path';",
  "import { fileURLToPath as pathOfBundle } from 'node:url';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const __filename = pathOfBundle(import.meta.url);',
  'const __dirname = dirnameOfBundle(__filename);',
].join('\n');

/**
 * Chunks lie flat beside cli.js, so that a file is found from any of them by the same relative path.
 * The program is split at its dynamic imports: `mmoe runs` loads neither DuckDB nor an engine.
 * @type {BuildOptions}
 */
const cli = {
  ...common,
  entryPoints: { cli: join(root, 'src/cli/main.ts') },
  outdir: dist,
  chunkNames: 'cli-[name]-[hash]',
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node20',
  // tfjs' packages must all resolve to one copy of core: their `module` entries do, the node entries do not.
  mainFields: ['module', 'main'],
  external: ['@tensorflow/tfjs-node', '@mapbox/node-pre-gyp', '@mapbox/node-pre-gyp/*'],
  banner: { js: commonJsGlobals },
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [duckdbBinding],
};

/** @type {BuildOptions} */
const extension = {
  ...common,
  entryPoints: { extension: join(root, 'src/extension.ts') },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  // jsonc-parser's `main` is a UMD wrapper that bundlers cannot follow.
  mainFields: ['module', 'main'],
  external: ['vscode'],
  minify: true,
  keepNames: true,
};

/** @type {BuildOptions} */
const pages = {
  ...common,
  entryPoints: {
    run: join(root, 'webview/run/main.ts'),
    compare: join(root, 'webview/compare/main.ts'),
    runs: join(root, 'webview/runs-table/main.ts'),
    study: join(root, 'webview/study/main.ts'),
    'try-row': join(root, 'webview/try-row/main.ts'),
    predictions: join(root, 'webview/predictions/main.ts'),
  },
  outdir: join(dist, 'webview'),
  assetNames: '[name]',
  format: 'esm',
  platform: 'browser',
  // The Chromium of the oldest VS Code in package.json's engines.
  target: 'chrome132',
  loader: { '.ttf': 'file', '.svg': 'text' },
  minify: true,
};

export const bundleOptions = [
  { name: 'extension', options: extension },
  { name: 'cli', options: cli },
  { name: 'pages', options: pages },
];
