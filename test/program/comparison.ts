import { readFile, readdir } from 'node:fs/promises';
import * as v from 'valibot';
import { expect } from 'vitest';
import { systemProbe } from '../../src/run/liveness.js';
import { readStatus } from '../../src/run/reader.js';
import { closely, synthetic, type Workspace } from './program.js';

/** Two variants with two seeds each, two runs at a time. */
export const settings = ['--variants', 'mmoe,shared-bottom', '--seeds', '2', '--parallel', '2'];

/** An experiment that wants two threads: one for each of two runs at a time. */
export const withEpochs = (epochs: number) => ({
  'x.mmoe.json': {
    ...synthetic,
    name: 'x',
    training: { ...synthetic.training, epochs },
    engine: { threads: 2 },
  },
});

/** Reads the runs without their logs, which take long to read: these runs train fast. */
async function look(workspace: Workspace): Promise<{ id: string; name: string; status: string }[]> {
  return Promise.all(
    (await workspace.runs()).map(async (id) => {
      const reading = await readStatus(workspace.runFolder(id), systemProbe(), Date.now());
      if (reading.state !== 'ok') throw new Error(`run ${id} is ${reading.state}`);
      return { id, name: reading.manifest.name.slice(2), status: reading.status };
    }),
  );
}

/** Returns the ids by the runs' names, without `x `. */
export const byName = async (workspace: Workspace): Promise<Record<string, string>> =>
  Object.fromEntries((await look(workspace)).map(({ id, name }) => [name, id]));

/** Returns the true statuses by the same names. */
export const statuses = async (workspace: Workspace): Promise<Record<string, string>> =>
  Object.fromEntries((await look(workspace)).map(({ name, status }) => [name, status]));

/** Waits until both runs of the first seed train; the others wait. */
export async function bothTrain(workspace: Workspace, count = 4): Promise<void> {
  await closely('all its runs', async () => (await workspace.runs()).length === count);
  const ids = await byName(workspace);
  await closely('two trainings', async () => {
    const logs = ['mmoe seed 5', 'shared-bottom seed 5'].map((name) =>
      readFile(`${workspace.runFolder(ids[name]!)}/events.jsonl`, 'utf8'),
    );
    return (await Promise.all(logs)).every((log) => log.split('"type":"epoch"').length > 3);
  });
}

const heartbeatSchema = v.object({ pid: v.number(), program: v.optional(v.number()) });
/** Returns which process trains a run, and which program a person has started for it. */
export async function trainerOf(
  workspace: Workspace,
  id: string,
): Promise<v.InferOutput<typeof heartbeatSchema>> {
  return v.parse(heartbeatSchema, JSON.parse(await readFile(`${workspace.runFolder(id)}/heartbeat`, 'utf8')));
}

/** Expects that the encoded rows that trainers shared are gone. */
export async function expectNoRowsLeft(workspace: Workspace): Promise<void> {
  expect((await readdir(workspace.path('.mmoe/runs'))).filter((name) => name.startsWith('.'))).toEqual([]);
}

/** Trains what the comparison trains, but on its own; returns the run's id. */
export async function train(workspace: Workspace, variant: string, seed: number): Promise<string> {
  const sets = [`model.variant=${variant}`, `training.seed=${seed}`, 'engine.threads=1'].flatMap((set) => [
    '--set',
    set,
  ]);
  const { code, stdout } = await workspace.mmoe('train', 'x.mmoe.json', '--json', ...sets);
  expect(code).toBe(0);
  return v.parse(v.object({ id: v.string() }), JSON.parse(stdout)).id;
}
