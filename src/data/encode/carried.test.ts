import { afterEach, beforeEach, expect, it } from 'vitest';
import { inMemory, type HeldData } from '../prepared.js';
import type { ExperimentInput } from '../../experiment/schema.js';
import { csv, TempWorkspace } from '../temp-workspace.fixture.js';
import type { Encoder } from './encoder.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create({
    'before.csv': csv(300, {
      city: (row) => ['Oslo', 'Rome', 'Bern'][row % 3]!,
      age: (row) => 20 + (row % 40),
      bought: (row) => row % 2,
      minutes: (row) => row % 50,
    }),
    'now.csv': csv(400, {
      extra: (row) => row % 7,
      city: (row) => ['Wien', 'Rome', 'Bern', 'Kyjiw'][row % 4]!,
      age: (row) => (row % 9 === 1 ? '' : 50 + (row % 40)),
      bought: (row) => row % 2,
      minutes: (row) => 100 + (row % 50),
    }),
  });
});
afterEach(() => workspace.remove());

const tasks: ExperimentInput['tasks'] = [{ label: 'bought' }, { label: 'minutes', kind: 'regression' }];
const prepared = async (
  source: string,
  earlier?: Encoder,
  more: Partial<ExperimentInput> = {},
): Promise<HeldData> =>
  inMemory(
    await workspace.prepareAnywhere(
      { data: { source }, tasks, ...more },
      earlier === undefined ? {} : { earlier },
    ),
  );

it('columns and tasks of an earlier run are encoded as there, and new values come after its own', async () => {
  const { encoder: before } = await prepared('before.csv');
  const alone = await prepared('now.csv');
  const { encoder, train, fingerprint } = await prepared('now.csv', before);
  const city = encoder.categorical.find(({ name }) => name === 'city')!;
  const was = before.categorical.find(({ name }) => name === 'city')!;
  expect([...city.values].slice(0, was.values.length)).toEqual([...was.values]);
  expect([...city.values].slice(was.values.length).sort()).toEqual(['Kyjiw', 'Wien']);
  const age = (of: Encoder) => of.numeric.find(({ name }) => name === 'age')!;
  const { scale, fill, indicator } = age(before);
  expect(age(encoder)).toMatchObject({ scale, fill, indicator });
  expect(age(alone.encoder)).not.toMatchObject({ scale });
  // What is outside is judged by the rows of this training.
  expect(age(encoder).range).toEqual(age(alone.encoder).range);
  expect(encoder.numeric.find(({ name }) => name === 'extra')).toEqual(
    alone.encoder.numeric.find(({ name }) => name === 'extra'),
  );
  const minutes = (of: Encoder) => of.tasks.find(({ name }) => name === 'minutes')!;
  expect(minutes(encoder)).toEqual({
    ...minutes(alone.encoder),
    offset: minutes(before).offset,
    factor: minutes(before).factor,
  });
  expect(Math.max(...train.labels)).toBeGreaterThan(4);
  // With the encoder that came of it, as a resume has it, all is the same again.
  expect((await prepared('now.csv', encoder)).fingerprint).toBe(fingerprint);
});

it('a column or task that was of another kind is refused by name', async () => {
  const { encoder } = await prepared('before.csv');
  await expect(prepared('now.csv', encoder, { columns: { age: { kind: 'categorical' } } })).rejects.toThrow(
    'column "age" is categorical, and was numeric there',
  );
  await expect(
    prepared('now.csv', encoder, {
      tasks: [{ label: 'bought' }, { name: 'minutes', label: 'minutes > 120' }],
    }),
  ).rejects.toThrow(
    'task "minutes" is binary of false, true, and was regression there; give it another name',
  );
});

it('streamed rows of another earlier run are other rows', async () => {
  const stream: Partial<ExperimentInput> = { data: { source: 'now.csv', stream: true } };
  const { encoder: before } = await prepared('before.csv');
  const input = { tasks, ...stream } as ExperimentInput;
  const [alone, carried] = [
    await workspace.prepareAnywhere(input),
    await workspace.prepareAnywhere(input, { earlier: before }),
  ];
  expect(carried.fingerprint).not.toBe(alone.fingerprint);
  expect(carried.stream!.path).not.toBe(alone.stream!.path);
  expect(carried.fingerprint).toBe((await prepared('now.csv', before)).fingerprint);
  alone.stream!.close();
  carried.stream!.close();
});
