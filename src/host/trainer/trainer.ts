import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { holdingProgram, systemProbe } from '../../run/liveness.js';
import { runPaths, runsFolderFor } from '../../run/run-paths.js';
import type { RunStore } from '../../run/store.js';
import { launch, type Launched, type Program, type ProgramEnd, type Spawn } from '../program/program.js';

/** What was started: a run of its own, or several by one program. */
export interface Started {
  readonly kind: 'train' | 'resume' | 'compare';
  /** The run's folder; null where the program makes its runs itself. */
  readonly runFolder: string | null;
  /** The id that the runs of `compare` share. */
  readonly comparison?: string;
  readonly experimentFile: string | null;
  /** What the program prints. */
  readonly log: string;
}

export interface TrainRequest {
  /** The experiment file. */
  readonly file: string;
  /** Its folder's `.mmoe` is where the run goes. */
  readonly workspace: string;
  /** Relative to `workspace`, with forward slashes. */
  readonly path: string;
  readonly name: string;
  readonly seed: number;
  readonly sets: readonly string[];
}

export interface TrainerOptions {
  readonly program: () => Program;
  readonly storeOf: (runsFolder: string) => Promise<RunStore>;
  /** Called when a program that was started here ends, while this window is there. */
  readonly ended: (started: Started, end: ProgramEnd) => void;
  readonly spawn?: Spawn;
}

/** Starts the trainer program: detached, its output in a file, found again by the run folder only. */
export class Trainer {
  /** Folders of the runs that this window has started. */
  private readonly own = new Set<string>();
  /** Programs that it has started and that have not ended. */
  private readonly programs = new Set<number>();

  constructor(private readonly options: TrainerOptions) {}

  /**
   * Whether this window has started what trains a run; a comparison's runs are made, and held, by its
   * program.
   */
  async isOwn(runFolder: string): Promise<boolean> {
    if (this.own.has(runFolder)) return true;
    const pid = await holdingProgram(runFolder, systemProbe(), Date.now());
    return pid !== null && this.programs.has(pid);
  }

  /**
   * The run is queued before its trainer is there, so that it is seen at once; without a trainer it is taken
   * back.
   */
  async train(request: TrainRequest): Promise<string> {
    const store = await this.options.storeOf(runsFolderFor(request.workspace));
    const { id, folder } = await store.createQueued({
      name: request.name,
      experimentFile: request.path,
      seed: request.seed,
    });
    const sets = request.sets.flatMap((setting) => ['--set', setting]);
    await this.start(
      { kind: 'train', runFolder: folder, experimentFile: request.file, log: runPaths(folder).log },
      ['train', request.file, '--runs', store.runsFolder, '--id', id, '--name', request.name, ...sets],
      dirname(request.file),
    ).catch(async (error: unknown) => {
      await removeRun(folder);
      await store.refresh();
      throw error;
    });
    return folder;
  }

  /** Goes on from the last checkpoint. */
  async resume(runFolder: string, workspace: string): Promise<void> {
    await this.start(
      { kind: 'resume', runFolder, experimentFile: null, log: runPaths(runFolder).log },
      ['resume', runFolder],
      workspace,
    );
  }

  /**
   * Each of the variants with each seed, several at once; the program makes the runs, of the comparison named
   * `id`. `logFolder`: where its output goes.
   */
  async compare(
    request: Pick<TrainRequest, 'file' | 'workspace'>,
    {
      id,
      variants,
      seeds,
      logFolder,
    }: { id: string; variants: readonly string[]; seeds: number; logFolder: string },
  ): Promise<void> {
    const runs = runsFolderFor(request.workspace);
    await this.options.storeOf(runs);
    await mkdir(logFolder, { recursive: true });
    const log = join(logFolder, `compare-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.log`);
    await this.start(
      { kind: 'compare', runFolder: null, comparison: id, experimentFile: request.file, log },
      [
        'compare',
        request.file,
        '--variants',
        variants.join(','),
        '--leave-out',
        '--seeds',
        String(seeds),
        '--runs',
        runs,
        '--id',
        id,
      ],
      dirname(request.file),
    );
  }

  private async start(started: Started, args: readonly string[], folder: string): Promise<Launched> {
    const { program, spawn, ended } = this.options;
    const launched = await launch(program(), args, {
      folder,
      log: started.log,
      ...(spawn !== undefined && { spawn }),
    });
    if (started.runFolder !== null) this.own.add(started.runFolder);
    this.programs.add(launched.pid);
    void launched.ended.then((end) => {
      this.programs.delete(launched.pid);
      ended(started, end);
    });
    return launched;
  }
}

const removeRun = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
