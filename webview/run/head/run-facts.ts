import type { RunError, RunManifest, RunTask } from '../../../src/shared/run.js';
import { s } from '../../strings.js';
import { routeKind } from '../../charts/routes/route-kind.js';
import { methodFacts } from './method-facts.js';
import { formatCount, formatPercent, formatShort } from '../../../src/shared/numbers.js';

/** What a run is made of, for the line below its name; empty until the trainer has read the data. */
export function runFacts(manifest: RunManifest): string[] {
  const { data, parameters, seed, engine, experiment } = manifest;
  if (data === null && experiment === null) return [];
  return [
    ...methodFacts(manifest),
    ...(data === null ? [] : [data.source, splitText(data.rows), s('inputs', formatCount(data.inputs))]),
    ...(parameters === null ? [] : [s('parameters', formatCount(parameters)) + partsText(manifest)]),
    s('seed', seed),
    ...(engine === null ? [] : [engineText(engine)]),
  ];
}

/** ` (experts 12,928, gates 1,600, towers 290)`: the parts that have parameters, where there are several. */
function partsText({ parameterParts, network }: RunManifest): string {
  const present = Object.entries(parameterParts ?? {}).filter(([, count]) => count > 0);
  // What routes have is counted under gates, whatever they are.
  const kinds = new Set(network?.levels.map((level) => routeKind(network, level)));
  const routes = kinds.has('stitch')
    ? s('partStitches')
    : kinds.has('factor')
      ? s('partFactors')
      : kinds.has('path')
        ? s('partPaths')
        : 'gates';
  const named = present.map(([part, count]) => `${part === 'gates' ? routes : part} ${formatCount(count)}`);
  return present.length < 2 ? '' : ` (${named.join(', ')})`;
}

/** `79,810 train / 9,976 validation / 9,976 test rows`; splits without rows are left out. */
function splitText({ train, validation, test }: { train: number; validation: number; test: number }): string {
  const parts = [
    s('rowsTrain', formatCount(train)),
    ...(validation > 0 ? [s('rowsValidation', formatCount(validation))] : []),
    ...(test > 0 ? [s('rowsTest', formatCount(test))] : []),
  ];
  return s('splitRows', parts.join(' / '));
}

function engineText({ name, target, threads }: NonNullable<RunManifest['engine']>): string {
  return [
    s('engine', name),
    ...(target === '' ? [] : [targetText(target)]),
    threads === 1 ? s('oneThread') : s('threads', threads),
  ].join(', ');
}

/** `native avx512` as its makers write it. */
const targetText = (target: string): string =>
  target.replace(/avx512/i, 'AVX-512').replace(/\b(avx2|neon|simd)\b/i, (name) => name.toUpperCase());

/** `binary · 6.2 % positive` */
export function taskFacts({ kind, positive, classes, mean, sd }: RunTask): string {
  const labels =
    kind === 'binary' && positive !== undefined
      ? s('positive', formatPercent(positive))
      : kind === 'multiclass' && classes !== undefined
        ? s('classes', classes.length)
        : kind === 'regression' && mean !== undefined
          ? s('meanSd', formatShort(mean), formatShort(sd))
          : '';
  return [s(kind), ...(labels === '' ? [] : [labels])].join(' · ');
}

/** `census.mmoe.json:3:12`, null where the place is not known. */
export function errorPlace({ file, line, column }: RunError): string | null {
  if (file === undefined) return null;
  return file + (line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`);
}
