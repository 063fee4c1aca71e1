import type { FieldDescription, NetworkDescription, TaskDescription } from './description.js';
import {
  checkExtras,
  checkNames,
  checkUnits,
  isAmount,
  isCount,
  isIndex,
  wrong,
} from './description-checks.js';
import { parameterSpecs } from './parameters.js';
import { maxPiecewiseSize } from './fields/piecewise.js';
import { validateLevel } from './validate-level.js';
import { inputLayout } from './widths.js';

/**
 * Throws InputError (`network.…`) at the first place where the description contradicts itself. Levels and
 * experts count from 1 in messages.
 */
export function validateNetwork(network: NetworkDescription): void {
  validateInput(network);
  if (network.levels.length === 0) throw wrong('levels', 'the network has no level of experts');
  network.levels.forEach((level, index) =>
    validateLevel(level, index, network.levels[index - 1]?.streams.length ?? 1),
  );
  validateTasks(network);
  validateDistance(network);
}

function validateDistance(network: NetworkDescription): void {
  if (network.distance === undefined) return;
  const { strength, groups } = network.distance;
  if (!isAmount(strength))
    throw wrong('distance', `the constraint has the strength ${strength}: it must be 0 or more`);
  const shapes = new Map(parameterSpecs(network).map(({ name, shape }) => [name, shape.join(' × ')]));
  for (const group of groups) {
    for (const name of group) {
      if (shapes.get(name) === undefined)
        throw wrong('distance', `the constraint names "${name}", which is no parameter`);
      if (shapes.get(name) !== shapes.get(group[0]!))
        throw wrong(
          'distance',
          `the constraint holds "${name}" and "${group[0]}" together, of different shapes`,
        );
    }
  }
}

function validateInput({ input }: NetworkDescription): void {
  if (!isCount(input.numeric, 0)) throw wrong('input', `the number of numeric columns is ${input.numeric}`);
  for (const { name, size, encode } of input.fields) {
    if (!isCount(size)) throw wrong('input', `field "${name}" has ${size} values`);
    if (encode === 'piecewise' && !(size >= 2 && size <= maxPiecewiseSize))
      throw wrong('input', `field "${name}" has ${size} pieces: it needs 2 to ${maxPiecewiseSize}`);
    if (typeof encode === 'object' && !isCount(encode.embedding))
      throw wrong('input', `field "${name}" has an embedding of width ${encode.embedding}`);
  }
  for (const field of input.fields) validateTable(field, input.fields);
  for (const { name, column, frequencies, sigma, width } of input.periodic ?? []) {
    const what = `the periodic embedding "${name}"`;
    if (!isIndex(column, input.numeric)) throw wrong('input', `${what} is of no numeric column`);
    if (!isCount(frequencies)) throw wrong('input', `${what} has ${frequencies} frequencies`);
    if (!isCount(width)) throw wrong('input', `${what} has the width ${width}`);
    if (!isAmount(sigma)) throw wrong('input', `${what} has the sigma ${sigma}: it must be 0 or more`);
  }
  checkNames('input', 'periodic embedding', input.periodic ?? []);
  checkNames('input', 'field', input.fields);
  if (input.interactions !== undefined) {
    const widths = input.fields.flatMap(({ encode }) =>
      typeof encode === 'object' ? [encode.embedding] : [],
    );
    if (widths.length < 2 || widths.some((width) => width !== widths[0])) {
      const whom = widths.length < 2 ? 'give two or more categorical columns' : 'give all of them';
      throw wrong(
        'interactions',
        'an FM layer needs two or more embeddings of one width; ' +
          `these columns have ${describeWidths(widths)}: ` +
          `${whom} "encode": { "embedding": ${widths[0] ?? 8} }`,
      );
    }
  }
  if (inputLayout(input).width === 0) {
    throw wrong(
      'input',
      'there is no feature column left: every column is a label or left out; ' +
        'name the columns to use in "columns"',
    );
  }
}

/** Throws where a field uses a table that it cannot, or has several values and no way to sum them. */
function validateTable(
  { name, size, encode, table, several }: FieldDescription,
  fields: readonly FieldDescription[],
): void {
  if (several === true && encode === 'piecewise')
    throw wrong('input', `field "${name}" is piecewise and has several values`);
  if (table === undefined) return;
  const owner = fields.find((other) => other.name === table);
  if (owner === undefined || owner.table !== undefined)
    throw wrong('input', `field "${name}" shares the table of "${table}", which has none of its own`);
  const [own, others] = [encode, owner.encode];
  if (typeof own === 'string' || typeof others === 'string')
    throw wrong('input', `field "${name}" shares the table of "${table}", but not both are embedded`);
  if (own.embedding !== others.embedding || size !== owner.size)
    throw wrong('input', `field "${name}" shares the table of "${table}", which has another width or size`);
}

function validateTasks({ tasks, levels }: NetworkDescription): void {
  if (tasks.length === 0) throw wrong('tasks', 'there is no task');
  checkNames('tasks', 'task', tasks);
  const streams = levels.at(-1)!.streams.length;
  for (const { name, kind, outputs, stream, tower, lossWeight } of tasks) {
    const what = `task "${name}"`;
    if (!isIndex(stream, streams))
      throw wrong('tasks', `${what} reads stream ${stream + 1}, but the top level has ${streams}`);
    checkUnits(`${what}, tower`, tower.layers);
    checkExtras(`${what}, tower`, tower);
    const mistake = outputsMistake(kind, outputs);
    if (mistake !== null) throw wrong('tasks', `${what} is ${kind} and has ${outputs} outputs: ${mistake}`);
    if (!(lossWeight >= 0 && Number.isFinite(lossWeight)))
      throw wrong('tasks', `${what} has the loss weight ${lossWeight}: it must be 0 or more`);
  }
  for (const [index, level] of levels.entries()) {
    for (const { name, task } of level.streams) {
      if (task !== null && !isIndex(task, tasks.length))
        throw wrong(
          'streams',
          `level ${index + 1}, stream "${name}" belongs to task ${task + 1}, but there are ${tasks.length}`,
        );
    }
  }
}

/** Returns what is wrong with a task's number of outputs; null: nothing is. */
function outputsMistake(kind: TaskDescription['kind'], outputs: number): string | null {
  switch (kind) {
    case 'binary':
    case 'regression':
      return outputs === 1 ? null : 'it has 1';
    case 'multiclass':
      return isCount(outputs, 2) ? null : 'it needs one per class, at least 2';
  }
}

const describeWidths = (widths: readonly number[]): string =>
  widths.length === 0
    ? 'none'
    : `${widths.length === 1 ? 'one of width' : 'the widths'} ${widths.join(', ')}`;
