/** @import { readZip } from './read-zip.mjs' */

/** The files that the editor or the program loads; each must be there. */
export const needed = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/cli.js',
  'extension/dist/webview/run.js',
  'extension/dist/webview/compare.js',
  'extension/dist/schemas/experiment.schema.json',
  'extension/dist/native/duckdb.node',
  'extension/dist/tfjs/tfjs-backend-wasm-simd.wasm',
  'extension/dist/fused/simd.wasm',
  'extension/dist/tensorflow/package-lock.json',
  'extension/dist/ThirdPartyNotices.txt',
];

const expected = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|SECURITY\.md|LICENSE\.txt)$/,
  /^extension\/dist\/(extension\.cjs|cli[\w.-]*\.js|ThirdPartyNotices\.txt)$/,
  /^extension\/dist\/webview\/[\w.-]+\.(js|css|ttf)$/,
  /^extension\/dist\/native\/[\w.-]+\.(node|so|dylib|dll)$/,
  /^extension\/dist\/(tfjs|fused)\/[\w.-]+\.(wasm|node|json)$/,
  /^extension\/dist\/schemas\/[\w.-]+\.schema\.json$/,
  /^extension\/dist\/tensorflow\/package(-lock)?\.json$/,
  /^extension\/dist\/bin\/[\w.-]+$/,
  /^extension\/media\/[\w/.-]+\.(svg|png|md)$/,
  /^extension\/l10n\/[\w.-]+\.json$/,
  /^extension\/docs\/[\w.-]+\.png$/,
];

/**
 * Throws, naming the files, when the package misses something or holds something that nobody put on the list
 * above.
 * @param {Awaited<ReturnType<typeof readZip>>} entries
 */
export function checkContents(entries) {
  const names = entries.map(({ name }) => name).filter((name) => !name.endsWith('/'));
  const missing = needed.filter((name) => !names.includes(name));
  const unexpected = names.filter(
    (name) => /\.(ts|map|test\.\w+)$/.test(name) || !expected.some((pattern) => pattern.test(name)),
  );
  const problems = [];
  if (missing.length > 0) problems.push(`not in the package: ${missing.join(', ')}`);
  if (unexpected.length > 0) problems.push(`unexpected in the package: ${unexpected.join(', ')}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
