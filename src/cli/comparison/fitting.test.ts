import { expect, test } from 'vitest';
import { InputError } from '../../shared/errors.js';
import { Fitting } from './fitting.js';

const refusing =
  (...refused: string[]) =>
  (variant: string): string => {
    if (refused.includes(variant)) throw new InputError('x', `${variant} cannot`, { line: 3 });
    return variant.toUpperCase();
  };

test('variants that cannot take the settings are left out, at every step', () => {
  const fitting = new Fitting(true);
  expect(fitting.keep(['mmoe', 'omoe', 'cgc'], refusing('omoe'))).toEqual([
    { variant: 'mmoe', made: 'MMOE' },
    { variant: 'cgc', made: 'CGC' },
  ]);
  expect(fitting.keep(['mmoe', 'cgc'], refusing('cgc'))).toHaveLength(1);
  expect(fitting.leftOut).toEqual([
    { variant: 'omoe', why: 'omoe cannot' },
    { variant: 'cgc', why: 'cgc cannot' },
  ]);
});

test('where none is left, each says why; what is wrong for all alike is said once', () => {
  expect(() => new Fitting(true).keep(['mmoe', 'cgc'], refusing('mmoe', 'cgc'))).toThrow(
    new InputError(
      'compare.nothing-left',
      'none of the variants can take these settings. mmoe: mmoe cannot. cgc: cgc cannot',
      { line: 3 },
    ),
  );
  const same = new InputError('data.file', 'there is no such file');
  const fail = (): never => {
    throw same;
  };
  expect(() => new Fitting(true).keep(['mmoe', 'cgc'], fail)).toThrow(same);
});

test('none is left out where it must not be, nor for what is no mistake of the settings', () => {
  expect(() => new Fitting(false).keep(['mmoe', 'omoe'], refusing('omoe'))).toThrow('omoe cannot');
  const fault = (): never => {
    throw new TypeError('a fault');
  };
  expect(() => new Fitting(true).keep(['mmoe'], fault)).toThrow(TypeError);
});
