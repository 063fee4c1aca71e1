import { expect, it } from 'vitest';
import { TrainerPool, type Lane } from './pool.js';

/** Stands in for a process; what it has to do is done when the test says so. */
class FakeTrainer {
  isGone = false;
  readonly asked: string[] = [];
  private done: () => void = () => undefined;

  constructor(readonly number: number) {}

  work(): Promise<void> {
    return new Promise((resolve) => (this.done = resolve));
  }

  finish(): void {
    this.done();
  }

  stop(): void {
    this.asked.push('stop');
  }

  kill(): void {
    this.asked.push('kill');
    this.die();
  }

  die(): void {
    this.isGone = true;
    this.done();
  }
}

function pooled(lanes: number) {
  const started: FakeTrainer[] = [];
  const pool = new TrainerPool(lanes, () => {
    const trainer = new FakeTrainer(started.length);
    started.push(trainer);
    return trainer;
  });
  const begun: [string, number][] = [];
  const work = async (job: string, lane: Lane<FakeTrainer>): Promise<void> => {
    const trainer = lane.trainer();
    begun.push([job, trainer.number]);
    await trainer.work();
  };
  return { pool, started, begun, work };
}

/** Lets promises that are settled be heard. */
const heard = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise has been kept or broken. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  await heard();
  const open = Symbol('open');
  const first = await Promise.race([promise.catch(() => null), Promise.resolve(open)]);
  return first !== open;
}

it('begins in order, some at once, and the trainer that is done takes the next', async () => {
  const { pool, started, begun, work } = pooled(2);
  const end = pool.train(['a', 'b', 'c', 'd'], work, { isLast: false });
  expect(begun).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
  for (const number of [1, 1]) {
    started[number]!.finish();
    await heard();
  }
  expect(begun.slice(2)).toEqual([
    ['c', 1],
    ['d', 1],
  ]);
  started[1]!.finish();
  expect(await isSettled(end)).toBe(false);
  started[0]!.finish();
  await end;
  // The next stage has the same trainers.
  const next = pool.train(['e'], work, { isLast: true });
  expect(begun.at(-1)).toEqual(['e', 0]);
  started[0]!.finish();
  await next;
  expect(started.map(({ asked }) => asked)).toEqual([['stop'], ['stop']]);
});

it('starts no more trainers than there is work for, unless they are asked for', async () => {
  const { pool, started, work } = pooled(4);
  const end = pool.train(['a'], work, { isLast: false });
  started[0]!.finish();
  await end;
  expect(started).toHaveLength(1);
  expect(pool.trainers()).toHaveLength(4);
  expect(pool.trainers()).toEqual(started);
});

it('replaces a trainer that has died, and leaves the other lanes alone', async () => {
  const { pool, started, begun, work } = pooled(2);
  const end = pool.train(['a', 'b', 'c', 'd'], work, { isLast: true });
  started[0]!.die();
  await heard();
  expect(begun.at(-1)).toEqual(['c', 2]);
  started[1]!.finish();
  await heard();
  expect(begun.at(-1)).toEqual(['d', 1]);
  started[1]!.finish();
  started[2]!.finish();
  await end;
  expect(started).toHaveLength(3);
});

it('a lane that finds nothing left ends its trainer while others train, at the last stage', async () => {
  const { pool, started, work } = pooled(2);
  const end = pool.train(['a', 'b'], work, { isLast: true });
  started[0]!.finish();
  expect(await isSettled(end)).toBe(false);
  expect(started.map(({ asked }) => asked)).toEqual([['stop'], []]);
  started[1]!.finish();
  await end;
});

it('stopped, it asks all trainers to, begins nothing more, and waits for what is trained', async () => {
  const { pool, started, begun, work } = pooled(2);
  const waiting = ['a', 'b', 'c'];
  const end = pool.train(waiting, work, { isLast: false });
  pool.stop();
  expect(pool.isOver).toBe(true);
  expect(started.map(({ asked }) => asked)).toEqual([['stop'], ['stop']]);
  started[0]!.finish();
  expect(await isSettled(end)).toBe(false);
  started[1]!.finish();
  await end;
  expect([begun.length, waiting]).toEqual([2, ['c']]);
  await pool.train(['d'], work, { isLast: true });
  expect(begun).toHaveLength(2);
});

it('killed, it ends all at once', async () => {
  const { pool, started, begun, work } = pooled(2);
  const end = pool.train(['a', 'b', 'c'], work, { isLast: false });
  pool.kill();
  await end;
  expect(started.map(({ asked }) => asked)).toEqual([['kill'], ['kill']]);
  expect(begun).toHaveLength(2);
});

it('what is taken off the list meanwhile is not begun', async () => {
  const { pool, started, begun, work } = pooled(1);
  const waiting = ['a', 'b', 'c'];
  const end = pool.train(waiting, work, { isLast: true });
  waiting.shift();
  started[0]!.finish();
  await heard();
  started[0]!.finish();
  await end;
  expect(begun.map(([job]) => job)).toEqual(['a', 'c']);
});

it('each lane takes what is chosen for it', async () => {
  const { pool, started, begun, work } = pooled(2);
  const waiting = ['a1', 'a2', 'b1', 'b2'];
  const next = (lane: number): string | undefined => {
    const at = waiting.findIndex((job) => job.startsWith('ab'[lane]!));
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const end = pool.train(waiting, work, { isLast: true, next });
  for (const number of [1, 0, 0, 1]) {
    started[number]!.finish();
    await heard();
  }
  await end;
  expect(begun).toEqual([
    ['a1', 0],
    ['b1', 1],
    ['b2', 1],
    ['a2', 0],
  ]);
});

it('a failure stops the others, and is thrown when they have ended', async () => {
  const { pool, started, begun, work } = pooled(2);
  const end = pool.train(
    ['a', 'b', 'c'],
    (job, lane) => (job === 'b' ? Promise.reject(new Error('no')) : work(job, lane)),
    { isLast: true },
  );
  expect(await isSettled(end)).toBe(false);
  expect([pool.isOver, started[0]!.asked[0], begun.length]).toEqual([true, 'stop', 1]);
  started[0]!.finish();
  await expect(end).rejects.toThrow('no');
});
