import type { GateDescription, LevelDescription, NetworkDescription } from './description.js';
import { parameterSpecs, type NamedArrays } from './parameters.js';
import { fieldWidth, inputLayout, interactionsWidth } from './widths.js';

/** A network whose dense inputs have names. */
export interface NamedNetwork {
  readonly network: NetworkDescription;
  /** The names of the dense inputs, in order. */
  readonly numeric: readonly string[];
}

/** Where a parameter's values come from in an earlier network: its name there, and its rows and columns by those here. */
interface Origin {
  readonly name: string;
  /** −1: the row is new; null: all are the same. */
  readonly rows: Int32Array | null;
  readonly columns: Int32Array | null;
}

/** Where the values of a network's parameters come from; null: they are new. */
export type Carried = ReadonlyMap<string, Origin | null>;

/** Two networks are so unlike that nothing can be carried over. */
export class UnlikeNetworks extends Error {
  /** `path`: the setting that says so. */
  constructor(
    message: string,
    readonly path: readonly string[],
  ) {
    super(message);
  }
}

/**
 * Finds for every parameter of a network where it was in an earlier one of the same variant: columns and fields are
 * the same by name, their values by index; tasks, and what is theirs, by name; other experts by number. Throws
 * UnlikeNetworks where they are built otherwise.
 */
export function carriedFrom(earlier: NamedNetwork, now: NamedNetwork): Carried {
  const [before, after] = [earlier.network, now.network];
  if (before.variant !== after.variant)
    throw new UnlikeNetworks(`it is of the variant ${before.variant}, and this is ${after.variant}`, [
      'model',
      'variant',
    ]);
  if (before.levels.length !== after.levels.length)
    throw new UnlikeNetworks(`it has ${before.levels.length} levels, and this ${after.levels.length}`, [
      'model',
      'levels',
    ]);
  const input = inputColumns(earlier, now);
  const levels = after.levels.map((level, l) => new LevelMap(before, after, before.levels[l]!, level));
  const shapes = new Map(parameterSpecs(before).map(({ name, shape }) => [name, shape]));
  return new Map(
    parameterSpecs(after).map(({ name, shape }) => {
      const origin = originOf(name, before, after, levels, input);
      if (origin === null || !shapes.has(origin.name)) return [name, null];
      requireShape(name, origin, shapes.get(origin.name)!, shape);
      return [name, origin];
    }),
  );
}

/** Puts earlier values into new ones. `suffix`: the end of the arrays' names, after the parameters'. */
export function carryInto(fresh: NamedArrays, earlier: NamedArrays, carried: Carried, suffix = ''): void {
  for (const [name, origin] of carried) {
    const into = fresh.get(name + suffix);
    const from = origin === null ? undefined : earlier.get(origin.name + suffix);
    if (into === undefined || from === undefined || origin === null) continue;
    const width = into.shape.length === 1 ? 1 : into.shape.at(-1)!;
    const oldWidth = from.shape.length === 1 ? 1 : from.shape.at(-1)!;
    // A vector is a row of its columns, but for one with a number a row.
    const isRow = into.shape.length === 1 && origin.columns !== null;
    const rows = isRow ? 1 : into.data.length / width;
    const columns = isRow ? into.data.length : width;
    for (let row = 0; row < rows; row++) {
      const oldRow = isRow || origin.rows === null ? row : origin.rows[row]!;
      if (oldRow < 0) continue;
      for (let column = 0; column < columns; column++) {
        const oldColumn = origin.columns === null ? column : origin.columns[column]!;
        if (oldColumn < 0) continue;
        into.data[row * columns + column] =
          from.data[oldRow * (isRow ? from.data.length : oldWidth) + oldColumn]!;
      }
    }
  }
}

/** Returns by column of the encoded row its number in the earlier one; −1: it is new. */
function inputColumns(earlier: NamedNetwork, now: NamedNetwork): Int32Array {
  const [before, after] = [earlier.network.input, now.network.input];
  const [old, own] = [inputLayout(before), inputLayout(after)];
  const columns = new Int32Array(own.width).fill(-1);
  const keep = (to: number, from: number, count: number): void => {
    for (let i = 0; i < count; i++) columns[to + i] = from + i;
  };
  now.numeric.forEach((name, column) => (columns[column] = earlier.numeric.indexOf(name)));
  after.fields.forEach((field, f) => {
    const at = before.fields.findIndex(({ name }) => name === field.name);
    if (at < 0) return;
    const was = before.fields[at]!;
    if (JSON.stringify(was.encode) !== JSON.stringify(field.encode))
      throw new UnlikeNetworks(`its column "${field.name}" is encoded otherwise`, ['columns', field.name]);
    keep(own.offsets[f]!, old.offsets[at]!, Math.min(fieldWidth(field), fieldWidth(was)));
  });
  if (interactionsWidth(after) === interactionsWidth(before))
    keep(own.interactions, old.interactions, interactionsWidth(after));
  (after.periodic ?? []).forEach(({ name, width }, p) => {
    const at = (before.periodic ?? []).findIndex((one) => one.name === name);
    if (at >= 0 && before.periodic![at]!.width === width) keep(own.periodic[p]!, old.periodic[at]!, width);
  });
  return columns;
}

/** How the experts, gates and routes of a level were numbered in an earlier network. */
class LevelMap {
  readonly experts: readonly number[];
  readonly routes: readonly number[];

  constructor(
    before: NetworkDescription,
    after: NetworkDescription,
    private readonly old: LevelDescription,
    private readonly own: LevelDescription,
  ) {
    if (!sameExperts(before, after, old, own))
      throw new UnlikeNetworks(`it has ${old.experts.length} experts, and this ${own.experts.length}`, [
        'model',
        'experts',
        'count',
      ]);
    this.experts = own.experts.map(({ name }, e) =>
      name === undefined ? e : old.experts.findIndex((one) => one.name === name),
    );
    const nameOf = (
      network: NetworkDescription,
      { name, task }: LevelDescription['streams'][number],
    ): string => (task === null ? `stream ${name}` : `task ${network.tasks[task]!.name}`);
    const streams = old.streams.map((stream) => nameOf(before, stream));
    this.routes = own.streams.map((stream) => streams.indexOf(nameOf(after, stream)));
  }

  /** Returns an earlier gate's number; −1: it is new. */
  gate(number: number): number {
    for (const [s, { route }] of this.own.streams.entries()) {
      const stream = this.old.streams[this.routes[s]!];
      if (route.kind === 'gate' && route.gate === number && stream?.route.kind === 'gate')
        return stream.route.gate;
    }
    return -1;
  }

  /** Returns the earlier columns of a gate's outputs for its experts. */
  expertColumns(gate: number, earlier: number): Int32Array {
    const was = this.old.gates[earlier]!.experts;
    return Int32Array.from(this.own.gates[gate]!.experts, (expert) => was.indexOf(this.experts[expert]!));
  }

  gateOf(number: number): GateDescription {
    return this.own.gates[number]!;
  }
}

/** Whether two levels have the same experts, but for those of tasks that only one of the networks has. */
function sameExperts(
  before: NetworkDescription,
  after: NetworkDescription,
  old: LevelDescription,
  own: LevelDescription,
): boolean {
  const names = ({ experts }: LevelDescription): string[] =>
    experts.map(({ name }, e) => (name === undefined ? `${e}` : name));
  const only = (one: NetworkDescription, other: NetworkDescription): string[] =>
    one.tasks.map(({ name }) => name).filter((name) => other.tasks.every((task) => task.name !== name));
  const without = (all: readonly string[], tasks: readonly string[]): string[] =>
    all.filter((name) => !tasks.some((task) => name === task || name.startsWith(`${task} `))).sort();
  return (
    without(names(old), only(before, after)).join('\0') ===
    without(names(own), only(after, before)).join('\0')
  );
}

function originOf(
  name: string,
  before: NetworkDescription,
  after: NetworkDescription,
  levels: readonly LevelMap[],
  input: Int32Array,
): Origin | null {
  const same = (origin: string): Origin => ({ name: origin, rows: null, columns: null });
  const embedding = after.input.fields.find((field) => name === `embeddings.${field.name}.weight`);
  if (embedding !== undefined) {
    const was = before.input.fields.find((field) => field.name === embedding.name)?.size ?? 0;
    const rows = new Int32Array(embedding.size).map((_, row) => (row < was ? row : -1));
    return { name, rows, columns: null };
  }
  const part = /^levels\.(\d+)\.(experts|gates|routes)\.(\d+)(\..*)$/.exec(name);
  if (part === null) return same(name);
  const [, l, kind, number, rest] = part;
  const level = levels[Number(l)]!;
  const own = Number(number);
  const was =
    kind === 'experts' ? level.experts[own]! : kind === 'gates' ? level.gate(own) : level.routes[own]!;
  if (was < 0) return null;
  const origin = `levels.${l}.${kind}.${was}${rest}`;
  if (kind === 'routes') return same(origin);
  const isFirst = rest === '.layers.0.weight';
  if (kind === 'experts') return { ...same(origin), rows: isFirst && l === '0' ? input : null };
  const { layers = [], choice } = level.gateOf(own);
  const isLast = !rest!.startsWith('.layers.');
  const readsInput = l === '0' && rest!.endsWith('.weight') && (isFirst || (isLast && layers.length === 0));
  const byExpert = isLast && choice?.kind !== 'selectors';
  return {
    name: origin,
    rows: readsInput ? input : null,
    columns: byExpert ? level.expertColumns(own, was) : null,
  };
}

function requireShape(
  name: string,
  { rows, columns }: Origin,
  was: readonly number[],
  is: readonly number[],
): void {
  const rowsFit = is.length < 2 || rows !== null || was[0] === is[0];
  const columnsFit = columns !== null || was.at(-1) === is.at(-1);
  if (was.length === is.length && rowsFit && columnsFit) return;
  throw new UnlikeNetworks(
    `its ${name} is of the size ${was.join(' × ')}, and here it is ${is.join(' × ')}`,
    ['model'],
  );
}
