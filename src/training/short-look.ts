import type { PreparedData } from '../data/prepared.js';
import { DivergedError } from '../engine/engine.js';
import { Members } from '../engine/members.js';
import { expertRowLimit } from '../insight/experts.js';
import { takeRows } from '../network/encoded-rows.js';
import { isStreamed, rowsAt, type PartOfRows } from '../network/streamed-rows.js';
import { batchesOf } from './batches.js';
import type { RunSink, TrainingJob } from './job.js';
import { Member } from './member.js';
import { sampleRows } from './order.js';
import { Pace } from './pace.js';
import { PreparedRows, trainSampleLimit } from './prepared-rows.js';
import { predictions } from './scores/evaluate.js';

/** Rows that a short look is taken on, at least, as far as there are so many. */
const lookedAt = 4096;

/** What a training takes, in seconds, as a short look has measured it. */
export interface MeasuredSpeed {
  /** Of a step of one member. */
  readonly step: number;
  /** Of a row that is looked at after an epoch, by one member: predictions, metrics, routes and experts. */
  readonly row: number;
}

/** What is looked at: a training that begins, and is thrown away. */
export type ShortLook = Pick<
  TrainingJob,
  'data' | 'description' | 'members' | 'settings' | 'paths' | 'clock'
> & {
  /** Asked between steps; true: it ends with what it has. */
  stopRequested(): boolean;
};

/**
 * Takes steps for about so many seconds on a sample of the rows, with the first member only, and looks at some rows
 * as after an epoch. The member has learned from them then, and is good for nothing else.
 */
export async function measureSpeed(look: ShortLook, seconds: number): Promise<MeasuredSpeed> {
  const { settings, clock } = look;
  const { batchSize, seed } = settings;
  const whole = batchSize * Math.ceil(lookedAt / batchSize);
  const data = {
    ...look.data,
    train: await sampleOf(look.data.train, whole, seed),
    validation: look.data.validation && (await sampleOf(look.data.validation, lookedAt, seed)),
    stream: null,
  };
  const members = new Members(look.members.engines.slice(0, 1));
  const job: TrainingJob = { ...look, data, members, sink: silent, resume: null };
  const rows = await PreparedRows.open(job);
  try {
    const pace = new Pace(clock, () => undefined);
    const atRows = async (): Promise<number> => {
      const since = clock();
      const { trainSample, inspection } = rows;
      trainSample.metrics(await predictions(members, trainSample, data.tasks, pace), 0);
      await inspection.report(members, pace, 0);
      return (clock() - since) / looked(data);
    };
    // The first time also makes room, and finds nothing in the processor's caches.
    const first = await atRows();
    const row = first * looked(data) > seconds ? first : await atRows();
    const atStep = await stepsOn(job, rows);
    // As above.
    const once = atStep();
    if (once > seconds) return { row, step: once };
    let steps = 0;
    let taken = 0;
    do {
      taken += atStep();
      steps++;
      await pace.breathe();
    } while (taken < seconds && !look.stopRequested());
    return { row, step: taken / steps };
  } finally {
    await rows.release();
  }
}

/** Returns what takes the next step of the first member, epoch after epoch, and returns its seconds. */
async function stepsOn(job: TrainingJob, { train }: PreparedRows): Promise<() => number> {
  const { data, settings, description, members, clock } = job;
  const { rows } = data.train;
  const batches = batchesOf(rows, settings.batchSize, description);
  const member = new Member(job, members.first, train, 0);
  member.begin(1, await train.enter(1, 0));
  let position = 0;
  return () => {
    const since = clock();
    const end = batches.end(position);
    try {
      member.step(position, end, 1);
    } catch (error) {
      // A step that learns nothing has taken a step's time.
      if (!(error instanceof DivergedError)) throw error;
    }
    position = end >= rows ? 0 : end;
    return clock() - since;
  };
}

/** Returns about how many seconds a whole training takes that goes on as it began. */
export function secondsOfTraining(
  { step, row }: MeasuredSpeed,
  { data, description, settings }: Pick<TrainingJob, 'data' | 'description' | 'settings'>,
): number {
  const { epochs, members, batchSize } = settings;
  const steps = epochs * batchesOf(data.train.rows, batchSize, description).count;
  // The untrained network is looked at, too.
  const rows = (epochs + 1) * looked(data) + (data.test?.rows ?? 0);
  return members * (steps * step + rows * row);
}

/** Returns how many rows are looked at after an epoch, one after the other. */
function looked({ train, validation }: Pick<PreparedData, 'train' | 'validation'>): number {
  const sample = Math.min(train.rows, trainSampleLimit, validation?.rows ?? trainSampleLimit);
  const inspected = validation?.rows ?? sample;
  return sample + inspected + Math.min(expertRowLimit, inspected);
}

async function sampleOf(part: PartOfRows, count: number, seed: number): Promise<PartOfRows> {
  if (part.rows <= count) return part;
  const numbers = sampleRows(seed, part.rows, count);
  return isStreamed(part) ? rowsAt(part, numbers) : takeRows(part, numbers);
}

const silent: RunSink = {
  event: () => undefined,
  checkpoint: () => undefined,
  beat: () => undefined,
  progress: () => undefined,
  stopRequested: () => false,
};
