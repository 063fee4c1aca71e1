import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { modules } from '../paths.mjs';

/**
 * DuckDB's binding picks a package by platform when it is required; in the built program it is the one copied
 * to dist/native/ instead (see runtime-files.mjs).
 * @type {import('esbuild').Plugin}
 */
export const duckdbBinding = {
  name: 'duckdb-binding',
  setup(build) {
    build.onResolve({ filter: /^@duckdb\/node-bindings$/ }, () => ({
      path: 'duckdb-binding',
      namespace: 'duckdb-binding',
    }));
    build.onLoad({ filter: /.*/, namespace: 'duckdb-binding' }, () => ({
      contents: "module.exports = require(require('node:path').join(__dirname, 'native', 'duckdb.node'));",
      loader: 'js',
    }));
  },
};

/** The folder of DuckDB's binding for this platform, and the files in it that the program loads. */
export function duckdbNativeFiles() {
  const scope = join(modules, '@duckdb');
  const prefix = `node-bindings-${process.platform}-${process.arch}`;
  const name = [prefix, `${prefix}-musl`].find((candidate) => existsSync(join(scope, candidate)));
  if (name === undefined)
    throw new Error(
      `DuckDB has no binding for ${process.platform} on ${process.arch}, or it is not installed: run npm ci`,
    );
  const folder = join(scope, name);
  return { folder, files: readdirSync(folder).filter((file) => /\.(node|so|dylib|dll)$/.test(file)) };
}
