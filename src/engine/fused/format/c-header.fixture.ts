import type { Kinds, OperationFormat, Structure } from './kinds.js';
import { constants, enumerations } from './numbers.js';
import { operationFormats } from './operations.js';
import { structures } from './plan-header.js';

/** Writes the C headers that the kernel reads plans through; format.test.ts keeps them up to date. */

const columns = 110;

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const upper = (name: string) => snake(name).toUpperCase();

/** Returns the words of a comment, broken into lines. */
function comment(says: string): string {
  const lines = [''];
  for (const word of says.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > columns - 6) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return `/* ${lines.join('\n * ')} */`;
}

/** Returns a struct, after those that it holds and that are not `written` yet. */
function struct(name: string, says: string, kinds: Kinds, written: Set<string>): string {
  const before: string[] = [];
  const members = Object.entries(kinds).flatMap(([operand, kind]) =>
    kind.fields.map((field) => {
      const { suffix, type, says: about } = field;
      const member = snake(`${operand}${suffix}`);
      if (typeof type !== 'string') {
        before.push(inner(type.struct, written));
        return `  struct ${type.struct.name} ${member}${type.array ? '[]' : ''};`;
      }
      return `  ${type} ${member};${about === '' ? '' : ` /* ${about} */`}`;
    }),
  );
  return [...before, comment(says), `struct ${name} {`, ...members, '};', '']
    .filter((line, i) => line !== '' || i > 0)
    .join('\n');
}

function inner({ name, says, kinds }: Structure<Kinds>, written: Set<string>): string {
  if (written.has(name)) return '';
  written.add(name);
  return struct(name, says, kinds, written);
}

function enumeration(name: string, says: string, values: readonly (readonly [string, number])[]): string {
  const members = values.map(([value, number]) => `  ${value} = ${number},`);
  return [comment(says), `enum ${name} {`, ...members, '};', ''].join('\n');
}

function header(guard: string, says: string, body: readonly string[]): string {
  const made = 'Made from the tables in src/engine/fused/format by its tests: change those instead.';
  return [
    `/*\n * ${says}\n *\n * ${made}\n */`,
    `#ifndef ${guard}\n#define ${guard}\n`,
    ...body,
    `#endif\n`,
  ].join('\n');
}

/** Returns the text of kernel/plan.h. */
export function planHeader(): string {
  const written = new Set<string>();
  const defines = Object.entries(constants).map(
    ([name, { says, value }]) => `${comment(says)}\n#define ${name} ${value}\n`,
  );
  const enums = Object.entries(enumerations).map(([name, { says, values, count }]) => {
    const members = Object.entries(values).map(
      ([value, number]) => [`${upper(name)}_${upper(value)}`, number] as const,
    );
    return enumeration(name, says, count === undefined ? members : [...members, [count, members.length]]);
  });
  return header(
    'MMOE_PLAN_H',
    'The header of a plan, and the numbers that a plan is written in: all of it 32-bit integers and\n' +
      ' * floats. Places and strides are in floats.',
    [...defines, ...enums, ...structures.map((each) => inner(each, written))],
  );
}

/** Returns the text of kernel/operations.h. */
export function operationsHeader(): string {
  const written = new Set<string>();
  const formats: readonly [string, OperationFormat<Kinds>][] = Object.entries(operationFormats);
  const structs = formats
    .filter(([, { operands }]) => Object.keys(operands).length > 0)
    .map(([name, { says, operands }]) => struct(`op_${snake(name)}`, says, operands, written));
  const codes = formats.map(([name], code) => [`OP_${upper(name)}`, code] as const);
  const run = formats.filter(([, { control }]) => !control);
  return header(
    'MMOE_OPERATIONS_H',
    'The operations of a program, each its code, its length in integers, and its operands, up to OP_END.\n' +
      ' * Places and strides are in floats: `arena` ones from the engine’s memory, `scratch` ones from\n' +
      ' * the thread’s own scratch area, `gradient` and `statistics` ones from those of the share of rows.',
    [
      ...structs,
      enumeration('operation', 'The operations’ codes.', codes),
      comment('All operations that the interpreter has a function for: M(code, name).'),
      ['#define EVERY_OPERATION(M)', ...run.map(([name]) => `  M(OP_${upper(name)}, ${snake(name)})`)].join(
        ' \\\n',
      ),
      '',
    ],
  );
}
