import { encodeProgram, type Operation } from '../format/operations.js';
import { encodeHeader, headerLength } from '../format/plan-header.js';
import type { Builder } from './builder.js';
import type { ArenaLayout } from './layout.js';

/** The tables whose rows move where a batch has them, encoded, and the fields that choose their rows. */
export interface PlannedTables {
  readonly groups: readonly number[];
  /** Of each shared table, which come last: the columns that choose its rows. */
  readonly uses: readonly (readonly number[])[];
  /** `firstUses`: the places in the plan of what `uses` has. */
  readonly tables: (firstUses: readonly number[]) => readonly (readonly number[])[];
}

/** Returns the plan as the kernel reads it: its header, then the programs and lists that the header names. */
export function encodePlan(
  builder: Builder,
  layout: ArenaLayout,
  segments: readonly number[],
  { groups, uses, tables: encodeTables }: PlannedTables,
): Int32Array {
  const { limits, network, programs, importance } = builder;
  const { passes, stages } = layout;
  const body: number[] = [];
  const add = (integers: readonly number[]): number => {
    const at = headerLength + body.length;
    body.push(...integers);
    return at;
  };
  const tables = encodeTables(uses.map(add));
  const program = (operations: readonly Operation[]) => add(encodeProgram(operations));
  const header = encodeHeader({
    ...layout,
    blockRows: limits.blockRows,
    threads: limits.threads,
    tasks: network.tasks.length,
    disorder: 0,
    transpose: program(programs.transposes),
    start: program(programs.start),
    end: program(programs.end),
    finish: program(programs.finish),
    train: stages === 1 ? program([...programs.forward, ...programs.backward]) : 0,
    forward: program(programs.forward),
    predict: program(programs.predict),
    routes: program(programs.routes),
    experts: program(programs.experts),
    firstStage: stages > 1 ? add(programs.stages(importance.sums).flat().map(program)) : 0,
    firstPass: passes > 0 && importance.program !== null ? add([program(importance.program)]) : 0,
    segments: add(segments),
    groups: groups.length,
    firstGroup: add(groups),
    tables: tables.length,
    firstTable: add(tables.flat()),
    sharedTables: uses.length,
    keptWidth: builder.keptWidth,
  });
  return Int32Array.from([...header, ...body]);
}
