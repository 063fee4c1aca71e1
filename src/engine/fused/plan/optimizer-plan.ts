import type { NetworkDescription } from '../../../network/description.js';
import { parameterSpecs, type ParameterSpec } from '../../../network/parameters.js';
import { LINE, type Piece } from '../program/areas.js';
import { bitsFloat, floatBits, type Builder } from '../program/builder.js';
import { operation } from '../program/codes.js';

type Pieces = ReadonlyMap<string, readonly Piece[]>;

/**
 * Stretches of the flat buffers whose values the optimiser treats alike: (end, learning-rate factor as bits,
 * 1 where weights decay), up to the buffers' end. What lies between parameters belongs to any. `decays`:
 * whether there is any decay.
 */
export function planSegments(
  network: NetworkDescription,
  pieces: Pieces,
  parameters: number,
  decays: boolean,
): number[] {
  const lines = new Array<ParameterSpec | undefined>(parameters / LINE).fill(undefined);
  for (const spec of parameterSpecs(network)) {
    for (const { at, rows, columns, stride } of pieces.get(spec.name)!) {
      const end = at + (rows - 1) * stride + columns;
      for (let line = Math.floor(at / LINE); line * LINE < end; line++) lines[line] ??= spec;
    }
  }
  const segments: { end: number; factor: number; decay: number }[] = [];
  lines.forEach((spec, line) => {
    const end = (line + 1) * LINE;
    const last = segments.at(-1);
    const factor = spec?.learningRate ?? (spec === undefined && last !== undefined ? last.factor : 1);
    const decay =
      spec === undefined && last !== undefined ? last.decay : decays && spec?.decays === true ? 1 : 0;
    if (last !== undefined && last.factor === factor && last.decay === decay) last.end = end;
    else segments.push({ end, factor, decay });
  });
  return segments.flatMap(({ end, factor, decay }) => [end, floatBits(factor), decay]);
}

/**
 * Operations that add the gradient of strength · Σ_{j<k} ‖θ_j − θ_k‖² to that of one share of rows, a row of
 * the parameters at a time.
 */
export function planDistance(builder: Builder): void {
  const { distance } = builder.network;
  if (distance === undefined) return;
  const columns = new Map(parameterSpecs(builder.network).map(({ name, shape }) => [name, shape.at(-1)!]));
  for (const group of distance.groups) {
    if (group.length < 2) continue;
    const rows = group.map((name) => rowPlaces(builder.pieces.get(name)!));
    const factor = floatBits(2 * distance.strength);
    rows[0]!.forEach((_, row) =>
      builder.finish.push([
        operation.DISTANCE,
        factor,
        columns.get(group[0]!)!,
        ...rows.map((own) => own[row]!),
      ]),
    );
  }
}

/** Where each row of a named parameter begins in a flat buffer. */
function rowPlaces(pieces: readonly Piece[]): number[] {
  const places: number[] = [];
  for (const { first, rows, at, stride } of pieces)
    for (let r = 0; r < rows; r++) places[first + r] = at + r * stride;
  return places;
}

/** What those operations do (kernel/distance.h), for a gradient that did not come from the kernel. */
export function addDistances(
  operations: readonly (readonly number[])[],
  weights: Float32Array,
  gradient: Float32Array,
): void {
  for (const [, factor, columns, ...places] of operations) {
    for (let c = 0; c < columns!; c++) {
      const sum = places.reduce((total, place) => total + weights[place + c]!, 0);
      for (const place of places)
        gradient[place + c]! += bitsFloat(factor!) * (places.length * weights[place + c]! - sum);
    }
  }
}
