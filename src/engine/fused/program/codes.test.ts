import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  doublesPerTask,
  header,
  loadParts,
  lossKind,
  maskRows,
  mode,
  operation,
  piecesPerThread,
  statisticsParts,
  status,
  stepSetting,
  want,
} from './codes.js';
import { SETTINGS } from '../machine/machine.js';

const source = (file: string) =>
  readFileSync(new URL(`../kernel/${file}`, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** Names and numbers of a C enumeration. */
function enumeration(text: string, start: string): Record<string, number> {
  const body = new RegExp(`${start} \\{([^}]*)\\}`).exec(text)![1]!;
  const result: Record<string, number> = {};
  let next = 0;
  for (const entry of body.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [name, value] = entry.split('=').map((part) => part.trim());
    next = value === undefined ? next : Number(value);
    result[name!] = next++;
  }
  return result;
}

const prefixed = (prefix: string, values: Record<string, number>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name.toUpperCase(), value]));

test('the plan’s numbers are those of the kernel', () => {
  const plan = source('plan.h');
  expect(prefixed('H_', header)).toEqual(enumeration(plan, 'enum header'));
  expect({ ...operation, OPERATIONS: Object.keys(operation).length }).toEqual(
    enumeration(plan, 'enum operation'),
  );
  expect(prefixed('MODE_', mode)).toEqual(enumeration(plan, 'enum mode'));
  expect(prefixed('STEP_', stepSetting)).toEqual(enumeration(plan, 'enum step'));
  expect(prefixed('WANT_', want)).toEqual(enumeration(plan, 'enum want'));
  expect(prefixed('STATUS_', status)).toEqual(enumeration(plan, 'enum status'));
  expect(prefixed('', lossKind)).toEqual(enumeration(source('loss.h'), 'enum'));
  expect(piecesPerThread).toBe(Number(/UPDATE_PIECES (\d)/.exec(source('claims.h'))![1]));
  expect(maskRows).toBe(Number(/MASK_ROWS (\d+)/.exec(source('active.h'))![1]));
  expect(statisticsParts).toBe(
    source('batch.h').split('enum part {')[1]!.split('}')[0]!.split(',').length - 1,
  );
  expect(loadParts).toBe(source('load.h').split('enum load_part {')[1]!.split('}')[0]!.split(',').length - 1);
  expect(doublesPerTask).toBe(Number(/SUMS_PER_TASK (\d)/.exec(plan)![1]) + 2);
});

test('there is a setting for each member of the optimiser', () => {
  const members = /struct optimizer \{([^}]*)\}/.exec(source('machine.h'))![1]!;
  expect(members.match(/\w+(?=[,;])/g)).toHaveLength(SETTINGS);
});
