import * as vscode from 'vscode';
import * as v from 'valibot';
import { variants, type Variant } from '../../../experiment/schema/variants.js';
import { pickMany, pickOne, runSteps } from '../../editor/quick-steps.js';
import { variantItems } from '../../new-experiment/wizard-items.js';
import { t } from '../../editor/localise.js';

/** The runs to train: each variant with each of so many seeds. */
export interface ChosenRuns {
  readonly variants: readonly Variant[];
  readonly seeds: number;
}

/** What is known of the time that runs take. */
export interface TimesToTrain {
  /** Returns `about 12 minutes`; null: it is not known yet, or cannot be known. */
  textOf(chosen: ChosenRuns): string | null;
  /** Resolves when no more will be known; null: all is known already. */
  readonly measuring: Promise<void> | null;
}

const noTimes: TimesToTrain = { textOf: () => null, measuring: null };

/** The part of the editor’s Memento that is used. */
interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const storedAs = 'mmoe.comparedVariants';
const storedSchema = v.object({ variants: v.array(v.picklist(variants)), seeds: v.number() });
const seedChoices = [1, 3, 5];
const maxSeeds = 100;

/**
 * Asks for the variants and the number of seeds, with the time that they take as far as it is known, or when it
 * is; the last choice starts chosen. Returns undefined if the person gave up.
 */
export async function chooseVariants(
  memory: Memory,
  experimentName: string,
  times: TimesToTrain = noTimes,
): Promise<ChosenRuns | undefined> {
  const stored = v.safeParse(storedSchema, memory.get(storedAs));
  let chosen: ChosenRuns = stored.success ? stored.output : { variants, seeds: 3 };
  const title = t('Train Variants of {0}', experimentName);
  const finished = await runSteps([
    async () => {
      const items = variantItems(chosen.variants);
      const picked = await pickMany(items, {
        title,
        step: 1,
        of: 2,
        placeholder: t('Which variants to train and compare?'),
        atLeast: 1,
      });
      chosen = { ...chosen, variants: picked.map(({ variant }) => variant) };
      return 'done';
    },
    async () => {
      chosen = { ...chosen, seeds: await chooseSeeds(title, chosen, times) };
      return 'done';
    },
  ]);
  if (!finished) return undefined;
  await memory.update(storedAs, chosen);
  return chosen;
}

/** Says how many runs there will be: `12 runs: 4 variants with 3 seeds each`. */
export function runsText({ variants: { length }, seeds }: ChosenRuns): string {
  if (length * seeds === 1) return t('1 run');
  if (seeds === 1) return t('{0} runs, one of each variant', length);
  return length === 1
    ? t('{0} runs, one of each seed', seeds)
    : t('{0} runs: {1} variants with {2} seeds each', length * seeds, length, seeds);
}

/** Asks for the number of seeds. Rejects on Back and Escape, as the steps do. */
async function chooseSeeds(title: string, chosen: ChosenRuns, times: TimesToTrain): Promise<number> {
  let measuring = times.measuring;
  const described = (runs: ChosenRuns): string => {
    const time = times.textOf(runs) ?? (measuring === null ? null : t('measuring how long it takes…'));
    return time === null ? runsText(runs) : `${runsText(runs)}: ${time}`;
  };
  const numbers = [...new Set([...seedChoices, chosen.seeds])].sort((a, b) => a - b);
  const items = () =>
    numbers.map((seeds) => ({
      label: seeds === 1 ? t('1 seed') : t('{0} seeds', seeds),
      description: described({ ...chosen, seeds }),
      ...(seeds === 1 && { detail: t('Quick, but one seed cannot tell a better variant from a lucky one.') }),
      picked: seeds === chosen.seeds,
      seeds,
    }));
  const other = { label: t('Another number…'), seeds: null };
  const later = times.measuring?.then(() => {
    measuring = null;
    return [...items(), other];
  });
  for (;;) {
    const placeholder = t('With how many seeds to train each variant?');
    const picked = await pickOne([...items(), other], { title, step: 2, of: 2, placeholder, later });
    const seeds = picked.seeds ?? (await askSeeds(title));
    if (seeds !== undefined) return seeds;
  }
}

async function askSeeds(title: string): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: t('Number of seeds, counted from the experiment’s seed'),
    validateInput: (given) => (isSeedCount(given) ? null : t('A whole number from 1 to {0}', maxSeeds)),
  });
  return text === undefined ? undefined : Number(text);
}

const isSeedCount = (text: string): boolean =>
  /^\d{1,3}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= maxSeeds;
