import type { Experiment } from '../../../experiment/schema.js';
import type { Variant } from '../../../experiment/schema/variants.js';
import { secondsInLanes } from '../../../shared/run/comparison-time.js';
import { meanOf } from '../../../shared/statistics/statistics.js';
import type { Trainer } from '../../trainers/trainer.js';

/** How long the runs of a comparison take, as a short look at them has measured it. */
export interface TimeEstimate {
  /** Seconds from the first run's begin to the last one's end. */
  readonly seconds: number;
  /** Seconds of a run of each variant. */
  readonly each: ReadonlyMap<Variant, number>;
  /** Whether runs may end before their last epoch, so that it is less. */
  readonly atMost: boolean;
}

/** Seconds of steps for each variant. */
const lookSeconds = 0.15;
/** Seconds after which nobody waits for looks any longer. */
const patienceSeconds = 6;

/** A run to be trained, as far as its time goes. */
export interface Estimated {
  readonly variant: Variant;
  readonly experiment: Experiment;
}

/**
 * Lets trainers, all at once as they will train, look at a run of each variant, the most and the least expensive ones
 * first. Returns null where nothing could be measured.
 */
export async function estimateTime(
  trainers: readonly Pick<Trainer, 'measure'>[],
  {
    wanted,
    parameters,
    path,
  }: {
    readonly wanted: readonly Estimated[];
    readonly parameters: ReadonlyMap<Variant, number>;
    /** Of the experiment's file, for messages. */
    readonly path: string;
  },
): Promise<TimeEstimate | null> {
  const first = new Map(wanted.toReversed().map((one) => [one.variant, one]));
  const order = byCost([...first.values()], parameters);
  const measured = new Map<Variant, number[]>();
  const looks = trainers.map((trainer, place) => {
    const own = shareOf(order, place, trainers.length);
    return trainer.measure(
      { path, experiments: own.map(({ experiment }) => experiment), seconds: lookSeconds },
      (index, seconds) => {
        const { variant } = own[index]!;
        measured.set(variant, [...(measured.get(variant) ?? []), seconds]);
      },
    );
  });
  await within(patienceSeconds, Promise.all(looks));
  if (measured.size === 0) return null;
  const known = new Map([...measured].map(([variant, seconds]) => [variant, meanOf(seconds)]));
  const usual = meanOf([...known.values()]);
  const each = new Map([...first.keys()].map((variant) => [variant, known.get(variant) ?? usual]));
  return {
    seconds: secondsInLanes(
      wanted.map(({ variant }) => each.get(variant)!),
      trainers.length,
    ),
    each,
    atMost: wanted.some(({ experiment }) => experiment.training.stopEarly.patience !== undefined),
  };
}

/** The most expensive one, the least expensive one, and then the others: the mean of those two serves for these. */
function byCost(runs: readonly Estimated[], parameters: ReadonlyMap<Variant, number>): Estimated[] {
  const cost = ({ variant }: Estimated): number => parameters.get(variant) ?? 0;
  const sorted = [...runs].sort((a, b) => cost(b) - cost(a));
  return sorted.length < 3 ? sorted : [sorted[0]!, sorted.at(-1)!, ...sorted.slice(1, -1)];
}

/** Deals out what is to be looked at; a trainer for which nothing is left looks, too, as it will train, too. */
function shareOf<T>(all: readonly T[], place: number, of: number): T[] {
  const own = all.filter((_, index) => index % of === place);
  return own.length > 0 ? own : [all[place % all.length]!];
}

async function within(seconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, seconds * 1000)));
  await Promise.race([work, over]);
  clearTimeout(timer);
}
