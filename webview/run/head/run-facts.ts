import { formatCount, formatPercent } from '../../../src/shared/numbers.js';
import { outsideTexts } from '../../../src/shared/run/outside-text.js';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { routeKind, type RouteKind } from '../../charts/routes/route-kind.js';
import { s } from '../../strings.js';
import { splitText } from '../../ui/split-text.js';
import { methodFacts } from './method-facts.js';

/** Returns what a run is made of, for the line below its name; empty until the trainer has read the data. */
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

/** Returns how many values lie outside the training rows' range, and where; null: none that is known. */
export function outsideFact({ data }: RunManifest): { text: string; detail: string } | null {
  const outside = data?.outside ?? [];
  if (outside.length === 0) return null;
  const values = outside.reduce((sum, column) => sum + column.values, 0);
  const lines = outside.map((column) => {
    const { low, high, least, most } = outsideTexts(column);
    return s(
      'outsideColumn',
      ...[column.name, s(partLabels[column.part]), formatCount(column.values), low, high, least, most],
    );
  });
  const text = values === 1 ? s('outsideOne') : s('outside', formatCount(values));
  return { text, detail: [s('outsideTitle'), ...lines].join('\n') };
}

/** So many columns are named on the line itself. */
const namedVocabularies = 2;

/** Returns which columns' values do not all have a place of their own, and how many; null: all have. */
export function vocabularyFact({ data }: RunManifest): { text: string; detail: string } | null {
  const columns = data?.vocabularies ?? [];
  if (columns.length === 0) return null;
  const lines = columns.map(({ name, values, kept = values, rest = 0, buckets, sharing = 0 }) =>
    buckets === undefined
      ? s('vocabularyKept', name, formatCount(kept), formatCount(values), formatPercent(rest))
      : s(
          'vocabularyHashed',
          ...[name, formatCount(values), formatCount(buckets), formatPercent(values && sharing / values)],
        ),
  );
  const short = columns.map(({ name, values, kept = values, buckets }) =>
    buckets === undefined
      ? s('vocabularyOf', name, formatCount(kept), formatCount(values))
      : s('bucketsOf', name, formatCount(values), formatCount(buckets)),
  );
  return {
    text: columns.length > namedVocabularies ? s('vocabularies', columns.length) : short.join(' · '),
    detail: [s('vocabulariesTitle'), ...lines].join('\n'),
  };
}

const partLabels = { train: 'partTrain', validation: 'partValidation', test: 'partTest' } as const;

/** Names of the routes' parameters. The manifest counts them all as those of `gates`. */
const routeParts = {
  gate: 'gates',
  stitch: s('partStitches'),
  factor: s('partFactors'),
  constant: 'gates',
  path: s('partPaths'),
  fixed: 'gates',
} as const satisfies Record<RouteKind, string>;

/** Returns ` (experts 12,928, gates 1,600, towers 290)`; empty unless several parts have parameters. */
function partsText({ parameterParts, network }: RunManifest): string {
  const present = Object.entries(parameterParts ?? {}).filter(([, count]) => count > 0);
  const parts = network?.levels.map((level) => routeParts[routeKind(network, level)]) ?? [];
  const routes = parts.find((part) => part !== 'gates') ?? 'gates';
  const named = present.map(([part, count]) => `${part === 'gates' ? routes : part} ${formatCount(count)}`);
  return present.length < 2 ? '' : ` (${named.join(', ')})`;
}

function engineText({ name, target, threads }: NonNullable<RunManifest['engine']>): string {
  return [
    s('engine', name),
    ...(target === '' ? [] : [targetText(target)]),
    threads === 1 ? s('oneThread') : s('threads', threads),
  ].join(', ');
}

/** Writes the names of instruction sets as their makers do: `native AVX-512`. */
const targetText = (target: string): string =>
  target.replace(/avx512/i, 'AVX-512').replace(/\b(avx2|neon|simd)\b/i, (name) => name.toUpperCase());
