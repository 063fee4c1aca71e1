import type { NetworkDescription } from '../../../network/description.js';
import { parameterSpecs, type ParameterSpec } from '../../../network/parameters.js';
import { operation } from '../format/operations.js';
import { encodeLearnedTable, encodeSegment, encodeTableUse } from '../format/plan-header.js';
import { LINE, type Piece, type Pieces } from '../program/areas.js';
import type { Builder, FieldTable } from '../program/builder.js';
import type { PlannedTables } from '../program/encode-plan.js';

/**
 * Returns the encoded stretches of the flat buffers whose values the optimiser treats alike, up to the
 * buffers' end. What lies between parameters belongs to either. `decays`: whether there is any decay.
 */
export function planSegments(
  network: NetworkDescription,
  pieces: Pieces,
  parameters: number,
  decays: boolean,
): number[] {
  const lines = new Array<ParameterSpec | undefined>(parameters / LINE).fill(undefined);
  for (const spec of parameterSpecs(network)) {
    for (const { at, rows, columns, stride, table } of pieces.get(spec.name)!) {
      if (table !== undefined) continue;
      const end = at + (rows - 1) * stride + columns;
      for (let line = Math.floor(at / LINE); line * LINE < end; line++) lines[line] ??= spec;
    }
  }
  const segments: { end: number; learningRate: number; decays: boolean }[] = [];
  lines.forEach((spec, line) => {
    const end = (line + 1) * LINE;
    const last = segments.at(-1);
    // A line that no parameter reaches into is treated like the one before it.
    const own =
      spec === undefined && last !== undefined
        ? last
        : { learningRate: spec?.learningRate ?? 1, decays: decays && spec?.decays === true };
    if (last?.learningRate === own.learningRate && last.decays === own.decays) last.end = end;
    else segments.push({ learningRate: own.learningRate, decays: own.decays, end });
  });
  return segments.flatMap(encodeSegment);
}

/** Encodes the tables whose rows move where a batch has them, and lists the fields that choose them. */
export function planTables({ tables }: Builder, decays: boolean): PlannedTables {
  const own = tables.filter(({ uses }) => uses === undefined);
  const shared = tables.filter(({ uses }) => uses !== undefined);
  const groups = [...new Set(own.map(({ field }) => field))];
  const encoded = (
    { table, columns, accumulates, uses = [] }: FieldTable,
    group: number,
    firstUse: number,
  ): number[] =>
    encodeLearnedTable({
      ...{ group, w: table, columns, moment: table.moment, accumulates, decays },
      ...{ keptBefore: table.kept.before, keptStride: table.kept.stride, keptColumn: table.kept.column },
      ...{ uses: uses.length, firstUse },
    });
  return {
    groups,
    uses: shared.map(({ uses = [] }) =>
      uses.flatMap(({ field, several, kept }) =>
        encodeTableUse({
          ...{ field, several, keptBefore: kept.before, keptStride: kept.stride, keptColumn: kept.column },
        }),
      ),
    ),
    tables: (firstUses) => [
      ...own.map((table) => encoded(table, groups.indexOf(table.field), 0)),
      ...shared.map((table, i) => encoded(table, i, firstUses[i]!)),
    ],
  };
}

/** One row of several parameters that are to stay close to each other. */
export interface Distance {
  /** Twice the strength. */
  readonly factor: number;
  readonly columns: number;
  /** The row's place in a flat buffer, for each of the parameters. */
  readonly places: readonly { readonly at: number }[];
}

/**
 * Emits what adds the gradient of strength · Σ_{j<k} ‖θ_j − θ_k‖² to that of one share of rows, a row of the
 * parameters at a time. Returns those rows.
 */
export function planDistances(builder: Builder): Distance[] {
  const { distance } = builder.network;
  if (distance === undefined) return [];
  const columns = new Map(parameterSpecs(builder.network).map(({ name, shape }) => [name, shape.at(-1)!]));
  const distances = distance.groups
    .filter((group) => group.length > 1)
    .flatMap((group) => {
      const rows = group.map((name) => rowPlaces(builder.pieces.get(name)!));
      return rows[0]!.map((_, row) => ({
        factor: 2 * distance.strength,
        columns: columns.get(group[0]!)!,
        places: rows.map((own) => ({ at: own[row]! })),
      }));
    });
  builder.programs.finish.push(...distances.map(operation.distance));
  return distances;
}

/** Returns where each row of a named parameter begins in a flat buffer. */
function rowPlaces(pieces: readonly Piece[]): number[] {
  const places: number[] = [];
  for (const { first, rows, at, stride, table } of pieces) {
    if (table !== undefined)
      throw new Error('weights that are held close to each other cannot move row by row');
    for (let r = 0; r < rows; r++) places[first + r] = at + r * stride;
  }
  return places;
}

/**
 * Adds the gradient of the distances (kernel/training/distance.h) to one that did not come from the kernel.
 */
export function addDistances(
  distances: readonly Distance[],
  weights: Float32Array,
  gradient: Float32Array,
): void {
  for (const { factor, columns, places } of distances) {
    const rounded = Math.fround(factor);
    for (let c = 0; c < columns; c++) {
      const sum = places.reduce((total, { at }) => total + weights[at + c]!, 0);
      for (const { at } of places) gradient[at + c]! += rounded * (places.length * weights[at + c]! - sum);
    }
  }
}
