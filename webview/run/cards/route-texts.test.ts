import { expect, it } from 'vitest';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { levelText } from '../../charts/routes/level-text.js';
import { memberText } from './route-texts.js';

const { manifest } = madeRun();

it('levels are called as a person would', () => {
  const [level] = manifest.network!.levels;
  const fixed = (name: string) => ({ ...level!, experts: 1, routes: 'fixed' as const, expertNames: [name] });
  const factors = {
    ...level!,
    experts: 2,
    routes: 'constants' as const,
    expertNames: ['factor 1', 'factor 2'],
  };
  const texts = (...levels: NonNullable<RunManifest['network']>['levels']) =>
    levels.map((_, index) => levelText({ variant: 'tensor-factorization', levels }, index));
  expect(texts(fixed('bottom'), level!, level!)).toEqual(['bottom', 'level 1 of 2', 'level 2 of 2']);
  expect(texts(fixed('bottom'), level!)).toEqual(['bottom', 'experts']);
  expect(texts(fixed('U1'), factors, fixed('U2'))).toEqual(['U1', 'factors', 'U2']);
  expect(texts(fixed('U1'), factors, fixed('U1'), factors)).toEqual([
    'layer 1: U1',
    'layer 1: factors',
    'layer 2: U1',
    'layer 2: factors',
  ]);
});

it('gates and experts of several members are said to be the first one’s', () => {
  const of = (members: number) => memberText({ ...manifest, experiment: { training: { members } } });
  expect([of(4), of(1), memberText({ ...manifest, experiment: null })]).toEqual([' · member 1 of 4', '', '']);
});
