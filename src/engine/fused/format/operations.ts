import { gateOperations } from './gate-operations.js';
import { inputOperations } from './input-operations.js';
import { controlOf, encodeValues, type Kinds, type Values } from './kinds.js';
import { layerOperations } from './layer-operations.js';
import { mixtureOperations } from './mixture-operations.js';
import { taskOperations } from './task-operations.js';

/**
 * All operations of the kernel. An operation's code is its number in this table; a program is a row of
 * operations, each its code, its length in integers, and its operands, up to `end`.
 */
export const operationFormats = {
  end: controlOf('Ends a program.', {}),
  ...inputOperations,
  ...layerOperations,
  ...gateOperations,
  ...mixtureOperations,
  ...taskOperations,
};

/** An encoded operation. */
export type Operation = readonly number[];

type Formats = typeof operationFormats;
type OperationMakers = {
  readonly [Name in keyof Formats]: (operands: Values<Formats[Name]['operands']>) => Operation;
};

const makerOf =
  (code: number, kinds: Kinds) =>
  (operands: never): Operation => {
    const encoded = encodeValues(kinds, operands);
    return [code, 2 + encoded.length, ...encoded];
  };

/**
 * Makes encoded operations from named operands: `operation.product({ x, depth, … })`. An operand that is
 * missing, or that the kernel does not know, does not compile.
 */
export const operation = Object.fromEntries(
  Object.entries(operationFormats).map(([name, { operands }], code) => [name, makerOf(code, operands)]),
) as OperationMakers;

/** Returns a program as the kernel reads it. */
export const encodeProgram = (operations: readonly Operation[]): number[] => [
  ...operations.flat(),
  ...operation.end({}),
];
