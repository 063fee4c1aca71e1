import { columnOf, type Column, type Table } from '../table.js';
import { labelsOf } from './labels.js';
import { cut, cutInput, meanAndDeviation, scaled, scaleOf, type Scale } from './scales.js';
import { partsOf, type Parts } from './splits.js';
import { categoryOf, numberOf } from './texts.js';
import { useOf, type Use } from './use.js';

/** What reading a table must come to; inputs by name, whatever their order. */
export interface Expected {
  readonly features: ReadonlyMap<string, Feature>;
  readonly tasks: readonly TaskFacts[];
  readonly parts: Readonly<Record<keyof Parts, PartRows | null>>;
}

export type Feature =
  | { readonly kind: 'numeric'; readonly scale: Scale; readonly fill: number; readonly indicator: boolean }
  | {
      readonly kind: 'categorical';
      readonly encode: 'onehot' | { readonly embedding: number };
      readonly values: readonly string[];
    };

export interface TaskFacts {
  readonly kind: string;
  readonly classes: readonly string[] | null;
  readonly positive: number | null;
  readonly mean: number | null;
  readonly sd: number | null;
}

export interface PartRows {
  readonly rows: number;
  /** The values of each input, by its name. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** [tasks][rows] */
  readonly labels: readonly (readonly number[])[];
  readonly weights: readonly number[] | null;
}

/** Why a table must be refused; the codes of the errors that may say so. */
export interface Refused {
  readonly refused: readonly string[];
}

/** Reads a table as docs/formats.md says, from its values alone. */
export function expectedOf(table: Table): Expected | Refused {
  const parts = partsOf(table);
  const rowsOf = [parts.train, parts.validation, parts.test];
  const used = rowsOf.flatMap((rows) => rows ?? []);
  const lower = table.columns.map(({ name }) => name.toLowerCase());
  if (new Set(lower).size < lower.length) return { refused: ['data.duplicate-column'] };
  const refused = new Set<string>();
  if (parts.train.length + (parts.validation?.length ?? 0) + (parts.test?.length ?? 0) === 0)
    refused.add('data.no-matching-rows');
  if (rowsOf.some((rows) => rows?.length === 0))
    for (const code of ['data.empty-split', 'data.no-matching-rows', 'data.weight']) refused.add(code);
  const inUse = new Set(used);
  const labels = table.tasks.map((task) => labelsOf(table, task, inUse));
  for (const { values, kind, classes } of labels) {
    if (kind === 'binary' && (classes?.length ?? 0) > 2) refused.add('data.label-kind');
    for (const rows of rowsOf) {
      const different = new Set(rows?.map((row) => values[row]!).filter((value) => !Number.isNaN(value)));
      if (rows !== null && different.size < 2)
        for (const code of ['data.label-constant', 'data.no-labels', 'data.one-class']) refused.add(code);
    }
  }
  if (refused.size > 0) return { refused: [...refused] };
  const uses = usesOf(table);
  const features = new Map(
    [...uses].flatMap(([name, use]) => {
      const feature = featureOf(columnOf(table, name), use, parts.train);
      return feature === null ? [] : [[name, feature] as const];
    }),
  );
  const tasks = labels.map(({ kind, classes, values }): TaskFacts => {
    const known = parts.train.map((row) => values[row]!).filter((value) => !Number.isNaN(value));
    const { mean, deviation } = meanAndDeviation(known);
    const isRegression = kind === 'regression';
    return {
      kind,
      classes,
      positive: kind === 'binary' ? mean : null,
      mean: isRegression ? mean : null,
      sd: isRegression ? deviation : null,
    };
  });
  const scaledLabels = labels.map(({ values }, task) => {
    const { mean, sd } = tasks[task]!;
    const isScaled = mean !== null && sd !== null && table.tasks[task]!.scale === 'standard';
    return isScaled ? values.map((value) => (value - mean) / sd) : values;
  });
  const weights = table.weight === null ? null : columnOf(table, table.weight);
  const partOf = (rows: readonly number[] | null): PartRows | null =>
    rows && {
      rows: rows.length,
      inputs: inputsOf(table, features, rows),
      labels: scaledLabels.map((values) => rows.map((row) => Math.fround(values[row]!))),
      weights: weights && rows.map((row) => Math.fround(numberOf(weights.cells[row]!, weights))),
    };
  return {
    features,
    tasks,
    parts: { train: partOf(parts.train), validation: partOf(parts.validation), test: partOf(parts.test) },
  };
}

/** The columns that may be features, with what becomes of them; those of labels, weight and conditions are not. */
export function usesOf(table: Table): Map<string, Use> {
  const taken = new Set([
    ...table.tasks.map(({ label }) => (typeof label === 'string' ? label : label.column)),
    ...[table.validation, table.test].flatMap((split) =>
      split.kind === 'where' ? [split.where.column] : [],
    ),
    ...(table.weight === null ? [] : [table.weight]),
  ]);
  const { declared } = table;
  return new Map(
    table.columns
      .filter(({ name }) => declared.has(name) || !taken.has(name))
      .map((column) => [column.name, useOf(column, table, declared.get(column.name))]),
  );
}

function featureOf(column: Column, use: Use, train: readonly number[]): Feature | null {
  if (use === 'ignore') return null;
  if (use.kind === 'numeric') {
    const numbers = train.map((row) => numberOf(column.cells[row]!, column));
    const known = numbers.filter((value) => !Number.isNaN(value)).map(cut);
    return {
      kind: 'numeric',
      scale: scaleOf(use.scale, known),
      fill: meanAndDeviation(known).mean,
      indicator: known.length < numbers.length,
    };
  }
  const counts = new Map<string, number>();
  for (const row of train) {
    const text = categoryOf(column.cells[row]!, column);
    if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const kept = (least: number): string[] =>
    [...counts]
      .filter(([, rows]) => rows >= least)
      .sort(([one, rows], [other, others]) => others - rows || (one < other ? -1 : 1))
      .map(([text]) => text);
  const least = use.minCount ?? 1;
  const width = kept(least).length;
  const encode =
    width <= 1000 ? 'onehot' : { embedding: Math.min(64, Math.max(4, 4 * Math.ceil(width ** 0.25))) };
  return {
    kind: 'categorical',
    encode,
    values: kept(use.minCount ?? (encode === 'onehot' ? 1 : 2)),
  };
}

/** The inputs of some rows; the sign that a value is missing is an input of its own. */
export function inputsOf(
  table: Table,
  features: ReadonlyMap<string, Feature>,
  rows: readonly number[],
): Map<string, number[]> {
  const inputs = new Map<string, number[]>();
  for (const [name, feature] of features) {
    const column = columnOf(table, name);
    const cells = rows.map((row) => column.cells[row]!);
    if (feature.kind === 'numeric') {
      const { scale, fill, indicator } = feature;
      const numbers = cells.map((cell) => numberOf(cell, column));
      const input = (value: number): number =>
        Math.fround(cutInput(scaled(scale, Number.isNaN(value) ? fill : cut(value))));
      inputs.set(name, numbers.map(input));
      if (indicator)
        inputs.set(
          missingName(name),
          numbers.map((value) => Number(Number.isNaN(value))),
        );
    } else {
      const at = new Map(feature.values.map((text, i) => [text, i + 1]));
      inputs.set(
        name,
        cells.map((cell) => at.get(categoryOf(cell, column) ?? '') ?? 0),
      );
    }
  }
  return inputs;
}

export const missingName = (name: string): string => `${name} is missing`;
