import { operation, type Operation } from '../format/operations.js';

/**
 * A place where a training pass needs the whole batch. It says what each share of rows does once before all
 * shares have come here, and once after.
 */
export interface Barrier {
  readonly end: readonly Operation[];
  readonly start: readonly Operation[];
}

/** One of three programs for each stage: before a share's blocks, for each block, after them. */
export type Stage = readonly [start: Operation[], blocks: Operation[], end: Operation[]];

/** The programs of a plan, while operations are added to them. */
export class Programs {
  readonly transposes: Operation[] = [];
  /** Runs before a share's first block: zeros where gradients are added one by one. */
  readonly start: Operation[] = [];
  readonly forward: Operation[] = [];
  readonly backward: Operation[] = [];
  /** Runs after a share's last block. */
  readonly end: Operation[] = [];
  /** Runs after the last block of the last share: what is added to the gradient once. */
  readonly finish: Operation[] = [];
  /** These three run after `forward` in evaluation. */
  readonly predict: Operation[] = [];
  readonly routes: Operation[] = [];
  readonly experts: Operation[] = [];
  /** Empty operations in `forward` and `backward`, each a mark for the barrier there. */
  private readonly barriers = new Map<Operation, Barrier>();

  /** Marks in a program that the training pass needs the whole batch here. */
  wait(program: Operation[], barrier: Barrier): void {
    const mark: Operation = [];
    this.barriers.set(mark, barrier);
    program.push(mark);
  }

  get waits(): number {
    return this.barriers.size;
  }

  /**
   * Cuts a training pass at its barriers. `between` is done with the gates' weights once all of the forward
   * program is, where there is any; it then has a stage to itself.
   */
  stages(between: readonly Operation[]): Stage[] {
    const stages: Stage[] = [[[], [], []]];
    const add = (operations: readonly Operation[]) => {
      for (const each of operations) {
        const barrier = this.barriers.get(each);
        if (barrier === undefined) stages.at(-1)![1].push(each);
        else {
          stages.at(-1)![2].push(...barrier.end);
          stages.push([[...barrier.start], [], []]);
        }
      }
    };
    add(this.forward);
    if (between.length > 0) {
      add(between);
      stages.push([[], [], []]);
    }
    add(this.backward);
    return stages;
  }

  /**
   * Lets the operations that `emit` adds to `program` work on the rows of a list alone. `index`: a place for
   * the rows' numbers.
   */
  onRows(program: Operation[], list: number, index: number, emit: () => void): void {
    const before = program.length;
    emit();
    const inside = program.splice(before);
    const length = operation.onRows({ list, index, skip: 0 }).length + inside.flat().length;
    program.push(operation.onRows({ list, index, skip: length }), ...inside, operation.offRows({}));
  }
}
