import type { Rows } from '../program/areas.js';

/**
 * The kinds of values that the plan hands to the kernel. A plan is a flat row of 32-bit integers. The tables
 * of this folder name every value once, with its kind; from them come the typed functions that encode plans
 * (operations.ts, plan-header.ts) and the C structs that the kernel reads them through (kernel/plan.h,
 * kernel/operations.h, which format.test.ts writes).
 */
export interface Kind<Value> {
  /** The C fields that the value becomes, in order. */
  readonly fields: readonly Field[];
  /** Returns the value's integers: one for each plain C field. */
  encode(value: Value): readonly number[];
}

export interface Field {
  /** The end of the field's name, after the operand's own: `Stride`, or nothing. */
  readonly suffix: string;
  /** `struct`: the fields of that structure, in place. `array`: as many of them as the field before says. */
  readonly type: 'int' | 'float' | { readonly struct: Structure<Kinds>; readonly array: boolean };
  /** The comment beside the C field; may be empty. */
  readonly says: string;
}

export type Kinds = Readonly<Record<string, Kind<never>>>;

/** The value of each member of a table of kinds. */
export type Values<K extends Kinds> = {
  readonly [Name in keyof K]: K[Name] extends Kind<infer Value> ? Value : never;
};

/** Several values under one name; `name` is that of the C struct, without its prefix. */
export interface Structure<K extends Kinds> {
  readonly name: string;
  readonly says: string;
  readonly kinds: K;
}

export const structure = <K extends Kinds>(name: string, says: string, kinds: K): Structure<K> => ({
  name,
  says,
  kinds,
});

/**
 * The start that a place is counted from, in floats: the engine's arena, the thread's own scratch area, the
 * gradient buffer or the statistics of the share of rows, a flat buffer of parameters, the plan's own first
 * integer. `sums` are counted in doubles, from the share's sums.
 */
type AreaName = 'arena' | 'scratch' | 'gradient' | 'statistics' | 'parameters' | 'plan' | 'sums';

const int = (says: string, suffix = ''): Field => ({ suffix, type: 'int', says });

export const integer = (says: string): Kind<number> => ({
  fields: [int(says)],
  encode: (value) => [value],
});

/** A 32-bit float, handed over as the integer with the same bits. */
export const float = (says: string): Kind<number> => ({
  fields: [{ suffix: '', type: 'float', says }],
  encode: (value) => [floatBits(value)],
});

export const flag = (says: string): Kind<boolean> => ({
  fields: [int(`1: ${says}`)],
  encode: (value) => [value ? 1 : 0],
});

/** One of the names of an enumeration (numbers.ts). */
export const oneOf = <Names extends Readonly<Record<string, number>>>(
  names: Names,
  says: string,
): Kind<keyof Names> => ({
  fields: [int(says)],
  encode: (value) => [names[value]!],
});

export const place = (area: AreaName, says: string): Kind<number> => ({
  fields: [int(`${area}: ${says}`)],
  encode: (value) => [value],
});

/** A place, or null where there is none; the kernel sees −1 then. */
export const optionalPlace = (area: AreaName, says: string): Kind<number | null> => ({
  fields: [int(`${area}, or −1: ${says}`)],
  encode: (value) => [value ?? -1],
});

/** Row-major values: where the first row begins, and how far it is from one row to the next. */
export const rows = (area: AreaName, says: string): Kind<Rows> => ({
  fields: [int(`${area}: ${says}`), int('', 'Stride')],
  encode: ({ at, stride }) => [at, stride],
});

/** Rows, or null where there are none; the kernel sees the place −1 then. */
export const optionalRows = (area: AreaName, says: string): Kind<Rows | null> => ({
  fields: [int(`${area}, or −1: ${says}`), int('', 'Stride')],
  encode: (value) => (value === null ? [-1, 0] : [value.at, value.stride]),
});

/** The values of a structure that several operations have in common. */
export const part = <K extends Kinds>(struct: Structure<K>): Kind<Values<K>> => ({
  fields: [{ suffix: '', type: { struct, array: false }, says: struct.says }],
  encode: (value) => encodeValues(struct.kinds, value),
});

/** Any number of structures; it is the last operand, and the kernel sees how many there are before them. */
export const list = <K extends Kinds>(struct: Structure<K>): Kind<readonly Values<K>[]> => ({
  fields: [int('', 'Count'), { suffix: '', type: { struct, array: true }, says: struct.says }],
  encode: (values) => [values.length, ...values.flatMap((each) => encodeValues(struct.kinds, each))],
});

/** Returns the integers of all values, in the order of their kinds. */
export function encodeValues<K extends Kinds>(kinds: K, values: Values<K>): number[] {
  // Each kind takes the value of its own name, which the types of both say; a loop over names cannot.
  return Object.entries(kinds).flatMap(([name, kind]) => kind.encode(values[name] as never));
}

/** Memory that the kernel reads a struct from. */
export interface StructMemory {
  readonly ints: Int32Array;
  readonly floats: Float32Array;
}

export const structMemory = (buffer: ArrayBufferLike, byte: number, length: number): StructMemory => ({
  ints: new Int32Array(buffer, byte, length),
  floats: new Float32Array(buffer, byte, length),
});

/**
 * Returns what writes the values of a struct of plain fields to memory. It is called for every step, so it
 * makes no arrays.
 */
export function writerOf<K extends Readonly<Record<string, Kind<number>>>>(
  kinds: K,
): (memory: StructMemory, values: Readonly<Record<keyof K, number>>) => void {
  const names: readonly (keyof K)[] = Object.keys(kinds);
  const isFloat = names.map((name) => kinds[name]!.fields[0]!.type === 'float');
  return ({ ints, floats }, values) => {
    for (let i = 0; i < names.length; i++) {
      if (isFloat[i] === true) floats[i] = values[names[i]!];
      else ints[i] = values[names[i]!];
    }
  };
}

const bits = new DataView(new ArrayBuffer(4));

/** Returns the integer that has the bits of a value rounded to 32 bits. */
function floatBits(value: number): number {
  bits.setFloat32(0, value);
  return bits.getInt32(0);
}

/** One operation of the kernel: what it does, and its operands in order. */
export interface OperationFormat<K extends Kinds> {
  readonly says: string;
  readonly operands: K;
  /** True if it steers the interpreter's loop, instead of being a function of its own there. */
  readonly control: boolean;
}

export const operationOf = <K extends Kinds>(says: string, operands: K): OperationFormat<K> => ({
  says,
  operands,
  control: false,
});

export const controlOf = <K extends Kinds>(says: string, operands: K): OperationFormat<K> => ({
  says,
  operands,
  control: true,
});
