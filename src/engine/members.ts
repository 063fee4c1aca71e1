import type { EncodedRows } from '../network/encoded-rows.js';
import type { NamedArrays } from '../network/parameters.js';
import type { Engine, EngineInfo, LoadedRows, OptimizerState } from './engine.js';

/** The rows as each member holds them. */
export interface MemberRows {
  readonly of: readonly LoadedRows[];
  release(): void;
}

/**
 * The members of a training: engines of one network that were started with seeds of their own and never meet.
 * Their weights are kept together by name: the first member's under their own, those of member 2 and on under
 * `members.2.` and so forth. A single member is kept as if it were alone.
 */
export class Members {
  /** `engines`: one at the least. */
  constructor(readonly engines: readonly Engine[]) {}

  get count(): number {
    return this.engines.length;
  }

  get first(): Engine {
    return this.engines[0]!;
  }

  get info(): EngineInfo {
    return this.first.info;
  }

  load(rows: EncodedRows): MemberRows {
    const of = this.engines.map((engine) => engine.load(rows));
    return {
      of,
      release: () => {
        for (const loaded of of) loaded.release();
      },
    };
  }

  weights(): NamedArrays {
    return joinedWeights(this.engines.map((engine) => engine.weights()));
  }

  setWeights(weights: NamedArrays): void {
    membersWeights(weights, this.count).forEach((own, member) => this.engines[member]!.setWeights(own));
  }

  optimizerState(): OptimizerState {
    const states = this.engines.map((engine) => engine.optimizerState());
    return { step: states[0]!.step, moments: joinedWeights(states.map(({ moments }) => moments)) };
  }

  setOptimizerState({ step, moments }: OptimizerState): void {
    membersWeights(moments, this.count).forEach((own, member) =>
      this.engines[member]!.setOptimizerState({ step, moments: own }),
    );
  }

  dispose(): void {
    for (const engine of this.engines) engine.dispose();
  }
}

/** Returns how the names of a member's arrays begin; members count from 0. */
export const memberPrefix = (member: number): string => (member === 0 ? '' : `members.${member + 1}.`);

/** Returns the members' arrays together, under the names that they have there. */
export function joinedWeights(byMember: readonly NamedArrays[]): NamedArrays {
  return new Map(
    byMember.flatMap((arrays, member) =>
      [...arrays].map(([name, array]) => [memberPrefix(member) + name, array] as const),
    ),
  );
}

const prefixed = /^members\.(\d+)\.(.*)$/s;

/** Returns the member, counted from 0, that an array is kept for under this name. */
const memberOf = (name: string): number => Number(prefixed.exec(name)?.[1] ?? 1) - 1;

/** Returns the name that the member's own network has for an array. */
export const ownName = (name: string): string => prefixed.exec(name)?.[2] ?? name;

/** Returns each member's arrays under their own names. Parameters have other names than `members.…`. */
export function membersWeights(arrays: NamedArrays, count: number): NamedArrays[] {
  if (count === 1) return [arrays];
  const byMember = Array.from({ length: count }, (): NamedArrays => new Map());
  for (const [name, array] of arrays) {
    byMember[memberOf(name)]?.set(ownName(name), array);
  }
  return byMember;
}
