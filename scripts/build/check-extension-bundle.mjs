const limitBytes = 400_000;
/** The editor's process neither reads tables nor computes: these belong to the trainer program. */
const banned = /node_modules\/(@duckdb|@tensorflow)\/|^src\/(engine|training|data|network|cli)\//;

/**
 * Throws when the extension's bundle has become heavy or holds what belongs to the trainer.
 * @param {import('esbuild').Metafile} metafile
 */
export function checkExtensionBundle(metafile) {
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (output.bytes > limitBytes)
      throw new Error(
        `${file} has ${output.bytes} bytes; its limit is ${limitBytes}. Largest inputs:\n${largest(output)}`,
      );
    const wrong = Object.entries(output.inputs).filter(
      ([input, { bytesInOutput }]) => banned.test(input) && bytesInOutput > 0,
    );
    if (wrong.length > 0)
      throw new Error(`${file} must not hold ${wrong.map(([input]) => input).join(', ')}`);
  }
}

/** @param {import('esbuild').Metafile['outputs'][string]} output */
function largest(output) {
  return Object.entries(output.inputs)
    .sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
    .slice(0, 8)
    .map(([input, { bytesInOutput }]) => `${String(bytesInOutput).padStart(8)} ${input}`)
    .join('\n');
}
