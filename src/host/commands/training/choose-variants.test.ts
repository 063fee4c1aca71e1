import type { QuickPickItem } from 'vscode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { variants } from '../../../experiment/schema/variants.js';
import { chooseVariants, runsText } from './choose-variants.js';

const typed = vi.hoisted(() => ({ answers: [] as (string | undefined)[] }));
const shown = vi.hoisted(() => ({
  many: [] as QuickPickItem[][],
  one: [] as QuickPickItem[][],
  later: [] as (Promise<QuickPickItem[]> | undefined)[],
  labels: [] as string[],
}));

vi.mock('vscode', () => ({ window: { showInputBox: () => Promise.resolve(typed.answers.shift()) } }));
vi.mock('../../editor/quick-steps.js', () => ({
  pickMany: (items: QuickPickItem[]) => {
    shown.many.push(items);
    return Promise.resolve(items.slice(0, 2));
  },
  pickOne: (items: QuickPickItem[], { later }: { later?: Promise<QuickPickItem[]> }) => {
    shown.one.push(items);
    shown.later.push(later);
    const label = shown.labels.shift();
    return Promise.resolve(items.find((item) => item.label === label));
  },
  runSteps: async (steps: (() => Promise<unknown>)[]) => {
    for (const step of steps) await step();
    return true;
  },
}));

let kept: Map<string, unknown>;
let memory: Parameters<typeof chooseVariants>[0];
beforeEach(() => {
  kept = new Map();
  memory = {
    get: (key) => kept.get(key),
    update: (key, value) => Promise.resolve(void kept.set(key, value)),
  };
});
afterEach(() => {
  shown.many.length = shown.one.length = shown.later.length = shown.labels.length = typed.answers.length = 0;
});

const pickedLabels = (items: readonly QuickPickItem[]): string[] =>
  items.filter(({ picked }) => picked).map(({ label }) => label);

test('all variants are offered chosen at first, later those that were chosen last', async () => {
  shown.labels.push('5 seeds', '1 seed');
  expect(await chooseVariants(memory, 'census')).toEqual({ variants: variants.slice(0, 2), seeds: 5 });
  await chooseVariants(memory, 'census');
  expect(shown.many.map(pickedLabels)).toEqual([[...variants], variants.slice(0, 2)]);
  expect(shown.one.map(pickedLabels)).toEqual([['3 seeds'], ['5 seeds']]);
  expect(shown.one[0]!.map(({ description }) => description)).toEqual([
    '2 runs, one of each variant',
    '6 runs: 2 variants with 3 seeds each',
    '10 runs: 2 variants with 5 seeds each',
    undefined,
  ]);
});

test('another number of seeds can be typed; without one the list is there again', async () => {
  shown.labels.push('Another number…', 'Another number…');
  typed.answers.push(undefined, '8');
  expect(await chooseVariants(memory, 'census')).toMatchObject({ seeds: 8 });
  shown.labels.push('8 seeds');
  expect(await chooseVariants(memory, 'census')).toMatchObject({ seeds: 8 });
});

test('variants that are remembered from another version are forgotten', async () => {
  kept.set('mmoe.comparedVariants', { variants: ['gone'], seeds: 5 });
  shown.labels.push('3 seeds');
  await chooseVariants(memory, 'census');
  expect(pickedLabels(shown.many[0]!)).toEqual([...variants]);
});

test('the number of runs is told in words', () => {
  expect(runsText({ variants: ['mmoe'], seeds: 1 })).toBe('1 run');
  expect(runsText({ variants: ['mmoe'], seeds: 3 })).toBe('3 runs, one of each seed');
});

test('the time stands beside each choice of seeds, or comes there when it is measured', async () => {
  let isKnown = false;
  let tell: () => void = () => undefined;
  const measuring = new Promise<void>((resolve) => (tell = resolve));
  shown.labels.push('3 seeds');
  const textOf = ({ seeds }: { seeds: number }) => (isKnown ? `about ${seeds * 4} minutes` : null);
  await chooseVariants(memory, 'census', { textOf, measuring });
  expect(shown.one[0]![1]!.description).toBe(
    '6 runs: 2 variants with 3 seeds each: measuring how long it takes…',
  );
  isKnown = true;
  tell();
  const later = await shown.later[0];
  expect(later?.map(({ description }) => description)).toEqual([
    '2 runs, one of each variant: about 4 minutes',
    '6 runs: 2 variants with 3 seeds each: about 12 minutes',
    '10 runs: 2 variants with 5 seeds each: about 20 minutes',
    undefined,
  ]);
});
