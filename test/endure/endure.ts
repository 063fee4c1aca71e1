import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readEnd } from '../program/run-end.js';
import { Chance } from './chance.js';
import { DisturbedComparison, runsByName } from './disturbed-comparison.js';
import { DisturbedRun } from './disturbed-run.js';
import { EndureWorkspace } from './endure-workspace.js';
import { drawComparison, drawExperiment, tables, type DrawnExperiment } from './experiments.js';
import { copyPrograms, type ProgramOnTargets, type ProgramEnd } from './programs.js';
import { Tally } from './tally.js';

export interface EndureOptions {
  /** The first round's; each round has the next one. */
  readonly seed: number;
  /** Rounds begin until there were so many kills, and so many minutes have passed. */
  readonly kills: number;
  readonly minutes: number;
  /** The built program. */
  readonly dist: string;
  /** die-at-call.mjs. */
  readonly preload: string;
  readonly print: (line: string) => void;
}

/**
 * Trains experiments of all variants, undisturbed and once more with kills, and compares how they end. Throws
 * at the first that differs, or where a run is lost; the folders are kept then.
 */
export async function endure(options: EndureOptions): Promise<Tally> {
  const { kills, minutes, print } = options;
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-endure-'));
  const programs = await copyPrograms(options, folder);
  const tally = new Tally();
  const end = performance.now() + minutes * 60_000;
  let { seed } = options;
  for (; tally.kills < kills || performance.now() < end; seed++) {
    const round = new Round(seed, join(folder, String(seed)), programs, tally);
    try {
      print(`seed ${seed}: ${await round.run()}; so far ${tally.text()}`);
    } catch (error) {
      print(
        `seed ${seed} failed; see ${round.folder}; once more: npm run endure -- --kills 1 --seed ${seed}`,
      );
      throw error;
    }
    await rm(round.folder, { recursive: true, maxRetries: 5 });
  }
  await rm(folder, { recursive: true, maxRetries: 5 });
  print(`${tally.text()}; go on with --seed ${seed}`);
  return tally;
}

/** The experiments' file. */
const file = 'x.mmoe.json';
const killsOfRun = 12;
/** Every so many rounds one is a comparison. */
const comparisonEvery = 6;

class Round {
  private readonly chance: Chance;

  constructor(
    private readonly seed: number,
    readonly folder: string,
    private readonly programs: readonly ProgramOnTargets[],
    private readonly tally: Tally,
  ) {
    this.chance = new Chance(seed, 'round');
  }

  /** Returns what was trained, for people. */
  async run(): Promise<string> {
    const before = this.tally.kills;
    const what =
      this.seed % comparisonEvery === comparisonEvery - 1 ? await this.compare() : await this.train();
    return `${what}, ${this.tally.kills - before} kills`;
  }

  private async train(): Promise<string> {
    const drawn = drawExperiment(this.seed, this.programs, this.chance);
    const [calm, disturbed] = await this.workspaces(drawn);
    const { seconds } = await undisturbed(calm, ['train', file]);
    const run = new DisturbedRun(disturbed, this.chance, this.tally, seconds);
    const id = await run.train(file, Math.ceil(this.chance.between(1, killsOfRun)));
    await disturbed.expectNoRemains();
    await this.expectSame(calm, disturbed, (await calm.runs())[0]!, id);
    return `${drawn.variant} on ${drawn.engine}, ${drawn.program.targets[drawn.engine]}, ${seconds.toFixed(1)} s`;
  }

  private async compare(): Promise<string> {
    const drawn = drawComparison(this.programs, this.chance);
    const [calm, disturbed] = await this.workspaces(drawn);
    const variants = ['--variants', drawn.variants.join(','), '--leave-out'];
    const args = ['compare', file, ...variants, '--seeds', '2', '--parallel', '2'];
    const { seconds } = await undisturbed(calm, args);
    const begin = { args, id: `endured-${this.seed}` };
    await new DisturbedComparison(disturbed, begin, seconds, this.chance, this.tally).train(killsOfRun);
    const wanted = await runsByName(calm);
    const ended = await runsByName(disturbed);
    await disturbed.expectNoRemains();
    const missing = [...wanted.keys()].filter((name) => !ended.has(name));
    if (missing.length > 0) throw new Error(`runs of the comparison are missing: ${missing.join(', ')}`);
    for (const [name, id] of ended) await this.expectSame(calm, disturbed, wanted.get(name)!, id);
    this.tally.comparisons++;
    return `${drawn.variants.join(', ')} compared on ${drawn.engine}, ${wanted.size} runs`;
  }

  /** Makes two workspaces with the same experiment. */
  private async workspaces({
    program,
    content,
  }: Pick<DrawnExperiment, 'program' | 'content'>): Promise<[EndureWorkspace, EndureWorkspace]> {
    const files = { ...tables(), [file]: JSON.stringify(content, null, 2) };
    return [
      await EndureWorkspace.create(join(this.folder, 'undisturbed'), program, files),
      await EndureWorkspace.create(join(this.folder, 'disturbed'), program, files),
    ];
  }

  private async expectSame(
    calm: EndureWorkspace,
    disturbed: EndureWorkspace,
    wanted: string,
    id: string,
  ): Promise<void> {
    const [one, other] = await Promise.all([
      readEnd(disturbed.runFolder(id)),
      readEnd(calm.runFolder(wanted)),
    ]);
    const parts = Object.keys(one).filter(isKeyOf(one));
    const different = parts.filter((part) => !isDeepStrictEqual(one[part], other[part]));
    if (different.length > 0)
      throw new Error(
        `${disturbed.runFolder(id)} differs from ${calm.runFolder(wanted)}: ${different.join(', ')}`,
      );
    this.tally.runs++;
  }
}

const isKeyOf =
  <T extends object>(value: T) =>
  (key: string): key is Extract<keyof T, string> =>
    key in value;

/** Trains without any disturbance. */
async function undisturbed(
  workspace: EndureWorkspace,
  args: readonly string[],
): Promise<{ seconds: number }> {
  const begin = performance.now();
  const end: ProgramEnd = await workspace.mmoe(...args);
  if (end.code !== 0) throw new Error(`undisturbed, the program ended with ${end.code}: ${end.stderr}`);
  return { seconds: (performance.now() - begin) / 1000 };
}
