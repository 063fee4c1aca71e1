import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { doLater } from '../../run/files/file-work.js';
import { holdingProgram, systemProbe } from '../../run/liveness.js';
import { removeRun } from '../../run/files/run-file.js';
import { runPaths, runsFolderFor } from '../../run/files/run-paths.js';
import type { RunStore } from '../../run/store/store.js';
import { launch, type Launched, type Program, type ProgramEnd, type Spawn } from '../program/program.js';

/** A program that was started, for one run or for several. */
export interface Started {
  readonly kind: 'train' | 'resume' | 'compare';
  /** The folder of the run; null if the program makes its runs itself. */
  readonly runFolder: string | null;
  /** The id that all runs of a comparison share. */
  readonly comparison?: string;
  readonly experimentFile: string | null;
  /** The file that the program prints to. */
  readonly log: string;
}

export interface TrainRequest {
  /** The experiment file. */
  readonly file: string;
  /** The folder that holds `.mmoe`, where the run goes. */
  readonly workspace: string;
  /** The path of the experiment from `workspace`, with forward slashes. */
  readonly path: string;
  readonly name: string;
  readonly seed: number;
  readonly sets: readonly string[];
}

export interface TrainerOptions {
  readonly program: () => Program;
  readonly storeOf: (runsFolder: string) => Promise<RunStore>;
  /**
   * Is called when a program that was started here ends, if this window is still open. The promise resolves
   * when the person has been told what there is to tell.
   */
  readonly ended: (started: Started, end: ProgramEnd) => Promise<void>;
  readonly spawn?: Spawn;
}

/**
 * Starts the trainer program, detached and with its output in a file. Runs are found again by their folders
 * alone.
 */
export class Trainer {
  /** The folders of the runs that this window has started. */
  private readonly own = new Set<string>();
  /** The process ids of the programs that this window has started and that have not ended. */
  private readonly programs = new Set<number>();

  /** The folders of the runs whose programs this window has started, and of whose end it has not told yet. */
  private readonly untold = new Set<string>();

  constructor(private readonly options: TrainerOptions) {}

  /** Returns whether the end of the program that trains a run will be told here, whatever it is. */
  tellsEnd(runFolder: string): boolean {
    return this.untold.has(runFolder);
  }

  /**
   * Returns whether this window has started the program that trains a run. The runs of a comparison are made,
   * and held, by the program of the comparison.
   */
  async isOwn(runFolder: string): Promise<boolean> {
    if (this.own.has(runFolder)) return true;
    const pid = await holdingProgram(runFolder, systemProbe(), Date.now());
    return pid !== null && this.programs.has(pid);
  }

  /**
   * Trains an experiment, and returns the folder of the run. The run is queued before the program is started,
   * so that it is seen at once; if the program cannot be started, the run is removed.
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
      await doLater(removeRun(folder));
      await store.refresh();
      throw error;
    });
    return folder;
  }

  /** Resumes a run from its last checkpoint. */
  async resume(runFolder: string, workspace: string): Promise<void> {
    await this.start(
      { kind: 'resume', runFolder, experimentFile: null, log: runPaths(runFolder).log },
      ['resume', runFolder],
      workspace,
    );
  }

  /**
   * Trains each variant with each seed, several at once. The program makes the runs, as those of the
   * comparison `id`. The output goes to a file in `logFolder`.
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
    await this.start(
      {
        kind: 'compare',
        runFolder: null,
        comparison: id,
        experimentFile: request.file,
        log: await compareLog(logFolder),
      },
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

  /** Goes on with a comparison: trains what it is missing. */
  async resumeComparison(
    id: string,
    { runsFolder, workspace, logFolder }: { runsFolder: string; workspace: string; logFolder: string },
  ): Promise<void> {
    await this.start(
      {
        kind: 'compare',
        runFolder: null,
        comparison: id,
        experimentFile: null,
        log: await compareLog(logFolder),
      },
      ['compare', '--resume', id, '--runs', runsFolder],
      workspace,
    );
  }

  private async start(started: Started, args: readonly string[], folder: string): Promise<Launched> {
    const { program, spawn, ended } = this.options;
    const launched = await launch(program(), args, {
      folder,
      log: started.log,
      ...(spawn !== undefined && { spawn }),
    });
    const { runFolder } = started;
    if (runFolder !== null) {
      this.own.add(runFolder);
      this.untold.add(runFolder);
    }
    this.programs.add(launched.pid);
    void launched.ended.then(async (end) => {
      this.programs.delete(launched.pid);
      await ended(started, end);
      if (runFolder !== null) this.untold.delete(runFolder);
    });
    return launched;
  }
}

/** Returns the file that a comparison prints to: its runs have logs of their own. */
async function compareLog(logFolder: string): Promise<string> {
  await mkdir(logFolder, { recursive: true });
  return join(logFolder, `compare-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.log`);
}
