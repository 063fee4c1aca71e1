import { EventLogReader } from '../../run/event-log.js';
import { systemProbe } from '../../run/liveness.js';
import { readManifest } from '../../run/manifest.js';
import { runPaths } from '../../run/files/run-paths.js';
import { readStatus } from '../../run/reader.js';
import type { RunWriter } from '../../run/writer.js';
import { WorkError } from '../../shared/errors.js';
import { keptEpochText } from '../../shared/run/kept-epoch.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { formatDuration } from '../../shared/numbers.js';
import type { RunLine } from '../terminal/run-line.js';
import { scoresText } from '../terminal/summary-table.js';
import { endUntrained, failRun } from '../training/end-run.js';
import { openRunToTrain } from '../training/open-run.js';
import type { Lane, TrainerPool } from '../trainers/pool.js';
import type { TrainerEnd } from '../trainers/trainer.js';
import { keepAlive } from './keep-alive.js';
import type { ComparisonView } from './view.js';

export interface EndedRun {
  readonly name: string;
  readonly state: 'finished' | 'stopped' | 'failed';
  /** Null: its folder is gone, or cannot be read. */
  readonly manifest: RunManifest | null;
  /** Why it failed. */
  readonly problem: string | null;
}

const lookMilliseconds = 250;

interface Running {
  readonly folder: string;
  readonly events: EventLogReader;
  readonly line: RunLine;
  started: boolean;
}

/** Trains queued runs, some at once; what goes on in them is read from their folders. */
export class TrainAll {
  private readonly waiting: RunWriter[];
  private readonly running = new Set<Running>();
  private readonly ended: EndedRun[] = [];
  private looking: Promise<void> | null = null;

  constructor(
    queued: readonly RunWriter[],
    private readonly view: ComparisonView,
    private readonly pool: TrainerPool,
  ) {
    this.waiting = [...queued];
  }

  /** Trains all runs. Returns them in the order in which they have ended. */
  async run(): Promise<readonly EndedRun[]> {
    const timer = setInterval(() => {
      // A run's log that cannot be read now is read at the next look, and its outcome at its end.
      this.looking ??= this.look()
        .catch(() => undefined)
        .finally(() => (this.looking = null));
    }, lookMilliseconds);
    try {
      await this.pool.train(this.waiting, (writer, lane) => this.train(writer, lane), { isLast: true });
    } finally {
      clearInterval(timer);
      await this.looking;
      this.view.clear();
    }
    return this.ended;
  }

  /** Stops runs that train after a checkpoint, and those that wait at once. */
  stop(): void {
    this.pool.stop();
    const left = this.waiting.splice(0);
    for (const writer of left) this.leave(writer);
    if (left.length > 0) this.view.left(left.map(({ manifest }) => manifest.name));
  }

  kill(): void {
    this.pool.kill();
  }

  private async train(writer: RunWriter, lane: Lane): Promise<void> {
    const { name } = writer.manifest;
    if (writer.stopRequested()) {
      this.leave(writer);
      this.view.left([name]);
      return;
    }
    const { folder } = writer.paths;
    writer.release();
    const events = new EventLogReader(runPaths(folder).events);
    const running: Running = { folder, events, line: this.view.begin(name), started: false };
    this.running.add(running);
    const end = await lane.trainer().run(folder);
    this.running.delete(running);
    this.endRun(name, await outcome(folder, end, this.pool.isOver));
  }

  private endRun(name: string, how: Omit<EndedRun, 'name'>): void {
    const run = { name, ...how };
    this.ended.push(run);
    this.view.end(name, endText(run), run.state === 'failed');
  }

  /** Ends a run that never got its turn. */
  private leave(writer: RunWriter): void {
    endUntrained(writer);
    this.ended.push({
      name: writer.manifest.name,
      state: 'stopped',
      manifest: writer.manifest,
      problem: null,
    });
  }

  private async look(): Promise<void> {
    keepAlive(this.waiting);
    for (const writer of [...this.waiting]) {
      if (!writer.stopRequested()) continue;
      this.waiting.splice(this.waiting.indexOf(writer), 1);
      this.leave(writer);
      this.view.left([writer.manifest.name]);
    }
    for (const running of this.running) await follow(running);
    this.view.tick();
  }
}

/** Takes in what a run's folder says since the last look. */
async function follow(running: Running): Promise<void> {
  const events = await running.events.read();
  if (!running.started && events.length > 0) {
    const reading = await readManifest(running.folder);
    if (reading.state !== 'ok') return;
    const { tasks, epochs, stepsPerEpoch } = reading.manifest;
    running.line.start({ tasks, epochs: epochs ?? 0, stepsPerEpoch: stepsPerEpoch ?? 0 });
    running.started = true;
  }
  for (const event of events) running.line.event(event);
}

/** Returns what a trainer's end means for its run; the run folder has the last word. */
async function outcome(folder: string, end: TrainerEnd, stopping: boolean): Promise<Omit<EndedRun, 'name'>> {
  const reading = await readStatus(folder, systemProbe(), Date.now());
  if (reading.state === 'gone') return { state: 'failed', manifest: null, problem: 'its folder was deleted' };
  if (reading.state === 'unreadable') return { state: 'failed', manifest: null, problem: reading.reason };
  const { manifest, status } = reading;
  if (status === 'finished' || status === 'stopped') return { state: status, manifest, problem: null };
  if (status === 'failed') return { state: 'failed', manifest, problem: manifest.error?.message ?? end.how };
  if (manifest.status !== 'queued') {
    return {
      state: 'failed',
      manifest,
      problem: `its trainer has ended (${end.how}); go on with mmoe resume ${manifest.id}`,
    };
  }
  const writer = await openRunToTrain(folder);
  if (stopping) {
    endUntrained(writer);
    return { state: 'stopped', manifest: writer.manifest, problem: null };
  }
  const problem = `its trainer did not start (${end.how}); the details are in ${writer.paths.log}`;
  failRun(writer, new WorkError('compare.trainer', problem));
  return { state: 'failed', manifest: writer.manifest, problem };
}

function endText({ name, state, manifest, problem }: EndedRun): string {
  if (state === 'failed') return `${name} failed: ${problem}`;
  if (manifest === null || manifest.summary === null) return `${name} ${state}`;
  const epoch = keptEpochText(manifest);
  const best = epoch === null ? '' : `, best epoch ${epoch}`;
  return `${name} ${state}: ${scoresText(manifest)}${best}, ${formatDuration(manifest.times.seconds)}`;
}
