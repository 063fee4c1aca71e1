import type { PreparedTask } from '../data/prepared.js';
import type { Members } from '../engine/members.js';
import { ExpertHealth } from '../insight/experts.js';
import { RouteStatistics } from '../insight/gates.js';
import { groupRows, type Grouping } from '../insight/groups.js';
import type { NetworkDescription } from '../network/description.js';
import { levelWidth } from '../network/widths.js';
import type { Metrics } from '../shared/run/run-manifest.js';
import type { EventOf } from '../shared/run/run-events.js';
import { evaluateInChunks, predictions, type ScoredRows } from './scores/evaluate.js';
import { HeldPart, type ScoredPart } from './scores/scored-part.js';
import type { Pace } from './pace.js';

export interface InspectionReport {
  readonly metrics: Metrics;
  /** Per level. */
  readonly routes: readonly EventOf<'routes'>['groups'][];
  readonly experts: readonly EventOf<'experts'>['experts'][];
}

/**
 * Looks, after every epoch and besides the train metrics, at metrics, routes and experts over the same
 * rows; of rows in a file, routes and experts are those of a sample. Metrics are those of all members together, routes and experts the first one's: experts of different
 * members have nothing to do with each other.
 */
export class Inspection {
  private readonly grouping: Grouping;
  private readonly health: readonly ExpertHealth[];

  constructor(
    private readonly description: NetworkDescription,
    private readonly tasks: readonly PreparedTask[],
    private readonly rows: ScoredRows,
    /** A sample of those rows, for what is expensive. */
    private readonly expertRows: ScoredRows,
    /** All rows that metrics are taken on. */
    readonly whole: ScoredPart,
  ) {
    this.grouping = groupRows(rows.labels, tasks);
    this.health = description.levels.map((level) => {
      const modules = level.experts.map(({ sharesWith }, expert) => sharesWith ?? expert);
      return new ExpertHealth(expertRows.count, modules, levelWidth(level));
    });
  }

  async report(members: Members, pace: Pace, step: number): Promise<InspectionReport> {
    const { levels } = this.description;
    const statistics = levels.map((level) => new RouteStatistics(level, this.grouping));
    const values = await predictions(members, this.rows, this.tasks, pace, {
      routes: {
        floatsPerRow: levels.reduce((sum, level) => sum + level.streams.length * level.experts.length, 0),
        onChunk: (routes, first) => routes.forEach((level, index) => statistics[index]!.add(level, first)),
      },
    });
    const { whole } = this;
    // Those in memory have been evaluated just now.
    const metrics =
      whole instanceof HeldPart
        ? this.rows.metrics(values, step)
        : (await whole.score(members, pace, step)).together;
    return {
      metrics,
      routes: statistics.map((level) => level.report()),
      experts: await this.expertHealth(members, pace),
    };
  }

  private async expertHealth(members: Members, pace: Pace): Promise<EventOf<'experts'>['experts'][]> {
    const { health } = this;
    for (const level of health) level.begin();
    await evaluateInChunks(members, 0, this.expertRows, pace, {
      want: { experts: true },
      floatsPerRow: this.description.levels.reduce(
        (sum, level) => sum + level.experts.length * levelWidth(level),
        0,
      ),
      onChunk: (chunk) => chunk.experts?.forEach((outputs, level) => health[level]!.add(outputs)),
    });
    return health.map((level) => level.report());
  }
}
