import type { Experiment, Simulator, Source, Split, Synthetic } from '../../experiment/schema.js';

/** How text files are read: `data.read` of an experiment. */
export type ReadOptions = NonNullable<Experiment['data']['read']>;

/** A source by its kind. */
export type SourceKind =
  | { readonly kind: 'files'; readonly patterns: readonly string[] }
  | { readonly kind: 'query'; readonly sql: string }
  | { readonly kind: 'synthetic'; readonly settings: Synthetic }
  | { readonly kind: 'simulator'; readonly settings: Simulator };

/** Tells a source's kind, which the experiment's shape leaves to its reader. */
export function sourceKind(source: Source): SourceKind {
  if (typeof source === 'string') return { kind: 'files', patterns: [source] };
  if ('sql' in source) return { kind: 'query', sql: source.sql };
  if ('synthetic' in source) return { kind: 'synthetic', settings: source.synthetic };
  if ('simulator' in source) return { kind: 'simulator', settings: source.simulator };
  return { kind: 'files', patterns: source };
}

/** A split by its kind: where the rows of validation or test come from. */
export type SplitKind =
  | { readonly kind: 'none' }
  /** A share of the source's rows. */
  | { readonly kind: 'share'; readonly fraction: number }
  /** A source of its own. */
  | { readonly kind: 'source'; readonly source: Source; readonly where: string | undefined }
  /** The source's rows that meet a condition. */
  | { readonly kind: 'condition'; readonly where: string }
  /** A share of the other split's rows. */
  | { readonly kind: 'other'; readonly fraction: number };

/** Tells a split's kind, which the experiment's shape leaves to its reader. */
export function splitKind(split: Split): SplitKind {
  if (typeof split === 'number') return split === 0 ? { kind: 'none' } : { kind: 'share', fraction: split };
  if ('source' in split) return { kind: 'source', source: split.source, where: split.where };
  if ('from' in split) return { kind: 'other', fraction: split.fraction };
  return { kind: 'condition', where: split.where };
}
