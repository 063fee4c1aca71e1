import * as fc from 'fast-check';
import { namesOf } from '../experiment/schema/setting.js';
import { taskKinds } from '../shared/task-kinds.js';
import type {
  Activation,
  ExpertDescription,
  FieldDescription,
  GateChoice,
  GateDescription,
  InputDescription,
  LevelDescription,
  NetworkDescription,
  PeriodicDescription,
  RouteDescription,
  TaskDescription,
} from './description.js';
import { ListsBuilder, type ListedValue } from './fields/lists.js';
import { entriesOf } from './fields/piecewise.js';
import { parameterSpecs, size, type NamedArrays } from './parameters.js';
import { seededUniform } from './draws/random.js';
import type { EncodedRows } from './encoded-rows.js';

/** Random small networks and rows for property tests, with everything that a description can say. */

interface ArbitraryOptions {
  /** The activation of all layers; `linear` has no kinks, for finite differences. Default: any. */
  readonly activation?: Activation;
  /** The extras that a network may have beyond plain layers, softmax gates and routes. Default: all. */
  readonly extras?: readonly Extra[];
}

export const extras = [
  'activation',
  'layer-norm',
  'batch-norm',
  'dropout',
  'no-bias',
  'shared-weights',
  'interactions',
  'periodic',
  'several',
  'shared-tables',
  'path',
  'distance',
  'gate-layers',
  'gate-dropout',
  'top',
  'noise',
  'load',
  'selectors',
  'balance',
] as const;
export type Extra = (typeof extras)[number];

const may = ({ extras: allowed = extras }: ArbitraryOptions, extra: Extra): boolean =>
  allowed.includes(extra);
/** Returns values for some of the networks; undefined for the others, and if the extra is not allowed. */
const sometimes = <T>(
  options: ArbitraryOptions,
  extra: Extra,
  arbitrary: fc.Arbitrary<T>,
): fc.Arbitrary<T | undefined> =>
  may(options, extra) ? fc.option(arbitrary, { freq: 2, nil: undefined }) : fc.constant(undefined);

const index = (length: number) => fc.integer({ min: 0, max: length - 1 });
const units = fc.integer({ min: 1, max: 5 });
const value = fc.integer({ min: -40, max: 40 }).map((n) => n / 16);
const times = <T>(arbitrary: fc.Arbitrary<T>, count: number) =>
  fc.array(arbitrary, { minLength: count, maxLength: count });

const field = (place: number): fc.Arbitrary<FieldDescription> =>
  fc
    .record({
      name: fc.constant(`field ${place}`),
      size: fc.integer({ min: 1, max: 5 }),
      encode: fc.oneof(
        fc.constant('onehot' as const),
        fc.constant('piecewise' as const),
        fc.record({ embedding: fc.integer({ min: 1, max: 3 }) }),
      ),
    })
    // A place lies between two columns.
    .map((made) => (made.encode === 'piecewise' ? { ...made, size: made.size + 1 } : made));

const input = (options: ArbitraryOptions): fc.Arbitrary<InputDescription> =>
  fc
    .oneof(plainInput, ...(may(options, 'interactions') ? [interactingInput] : []))
    .chain((made) =>
      made.numeric === 0
        ? fc.constant(made)
        : sometimes(options, 'periodic', periodic(made.numeric)).map((embeddings) =>
            embeddings === undefined ? made : { ...made, periodic: embeddings },
          ),
    )
    .chain((made) =>
      sometimes(options, 'several', times(fc.boolean(), made.fields.length)).map((several) => ({
        ...made,
        fields: made.fields.map((each, f) =>
          several?.[f] === true && each.encode !== 'piecewise' ? { ...each, several: true } : each,
        ),
      })),
    )
    .chain((made) =>
      sometimes(options, 'shared-tables', times(fc.boolean(), made.fields.length)).map((shares) => ({
        ...made,
        fields: made.fields.map((each, f) => (shares?.[f] === true ? sharingTable(each, made.fields) : each)),
      })),
    );

/** Lets an embedded field use the table of the first one. */
function sharingTable(each: FieldDescription, fields: readonly FieldDescription[]): FieldDescription {
  const owner = fields.find(({ encode }) => typeof encode === 'object')!;
  return typeof each.encode === 'string' || each === owner
    ? each
    : { ...each, size: owner.size, encode: owner.encode, table: owner.name };
}

const periodic = (numeric: number): fc.Arbitrary<PeriodicDescription[]> =>
  fc
    .array(
      fc.record({
        column: index(numeric),
        // More than a vector holds, too.
        frequencies: fc.constantFrom(1, 2, 3, 5, 9, 18),
        sigma: fc.constantFrom(0, 0.1, 2),
        width: fc.integer({ min: 1, max: 5 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.map((each, place) => ({ ...each, name: `wave ${place}` })));

const interactingInput: fc.Arbitrary<InputDescription> = fc
  .record({
    numeric: fc.integer({ min: 0, max: 2 }),
    fields: fc.integer({ min: 2, max: 4 }),
    width: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ numeric, fields, width }) =>
    fc.tuple(...Array.from({ length: fields }, (_, place) => field(place))).map((made) => ({
      numeric,
      fields: made.map((each, place) =>
        place < 2 || typeof each.encode === 'object' ? { ...each, encode: { embedding: width } } : each,
      ),
      interactions: 'fm' as const,
    })),
  );

const plainInput: fc.Arbitrary<InputDescription> = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 }))
  .chain(([numeric, fields]) =>
    fc.record({
      numeric: fc.constant(numeric + fields === 0 ? 1 : numeric),
      fields: fc.tuple(...Array.from({ length: fields }, (_, place) => field(place))),
    }),
  );

const gate = (sources: number, experts: number, options: ArbitraryOptions): fc.Arbitrary<GateDescription> =>
  fc
    .uniqueArray(index(experts), { minLength: 1 })
    .map((chosen) => chosen.sort((a, b) => a - b))
    .chain((seen) =>
      fc.record({
        source: index(sources),
        experts: fc.constant(seen),
        bias: fc.boolean(),
        temperature: fc.constantFrom(1, 1, 0.5, 3),
        layers: sometimes(options, 'gate-layers', fc.array(units, { maxLength: 2 })),
        dropout: sometimes(options, 'gate-dropout', fc.constantFrom(0.1, 0.5)),
        choice: choice(seen.length, options),
        balance: sometimes(options, 'balance', fc.constantFrom(0.01, 0.5)),
      }),
    )
    .map(withoutUndefined);

const choice = (seen: number, options: ArbitraryOptions): fc.Arbitrary<GateDescription['choice']> => {
  const count = fc.integer({ min: 1, max: seen });
  const noisy = may(options, 'noise') ? fc.boolean() : fc.constant(false);
  const choices = {
    top: fc
      .record({
        kind: fc.constant('top' as const),
        count,
        noisy,
        load: sometimes(options, 'load', fc.constantFrom(0.02, 0.5)),
      })
      .map(withoutUndefined),
    selectors: fc.record({
      kind: fc.constant('selectors' as const),
      count,
      width: fc.constantFrom(1, 4),
      entropy: fc.constantFrom(0, 0.3),
    }),
  } satisfies Record<GateChoice['kind'], fc.Arbitrary<GateChoice>>;
  const kinds = namesOf(choices).filter((kind) => may(options, kind));
  return fc.oneof(fc.constant(undefined), ...kinds.map((kind) => choices[kind]));
};

/** Leaves out optional fields that are undefined, as in a description that was read from a file. */
const withoutUndefined = <T extends object>(made: T): T =>
  Object.fromEntries(Object.entries(made).filter(([, one]) => one !== undefined)) as T;

const route = (experts: number, gates: number, options: ArbitraryOptions): fc.Arbitrary<RouteDescription> =>
  fc.oneof(
    ...(may(options, 'path')
      ? [fc.record({ kind: fc.constant('path' as const), initial: times(fc.constantFrom(0, 1), experts) })]
      : []),
    fc.record({
      kind: fc.constant('fixed' as const),
      weights: times(fc.constantFrom(0, 1, 0.5, -1), experts),
    }),
    fc.record({
      kind: fc.constant('constants' as const),
      initial: times(fc.option(value, { freq: 4 }), experts).map((initial) =>
        initial.every((w) => w === null) ? initial.map(() => 0.5) : initial,
      ),
    }),
    ...(gates === 0 ? [] : [fc.record({ kind: fc.constant('gate' as const), gate: index(gates) })]),
  );

const level = (sources: number, options: ArbitraryOptions): fc.Arbitrary<LevelDescription> =>
  fc
    .record({
      experts: fc.integer({ min: 1, max: 4 }),
      gates: fc.integer({ min: 0, max: 3 }),
      streams: fc.integer({ min: 1, max: 3 }),
      width: units,
    })
    .chain(({ experts, gates, streams, width }) =>
      fc.record({
        experts: times(expert(sources, width, options), experts).chain((own) =>
          sharing(own, sources, options),
        ),
        gates: times(gate(sources, experts, options), gates),
        streams: times(route(experts, gates, options), streams).map((routes) =>
          routes.map((each, place) => ({ name: `stream ${place}`, task: null, route: each })),
        ),
      }),
    );

const expert = (sources: number, width: number, options: ArbitraryOptions): fc.Arbitrary<ExpertDescription> =>
  fc
    .record({
      source: index(sources),
      layers: fc.array(units, { maxLength: 2 }).map((hidden) => [...hidden, width]),
      activation: activation(options),
      bias: sometimes(options, 'no-bias', fc.boolean()),
      ...layerExtras(options),
    })
    .map(withoutUndefined);

/** Makes some experts copies of the one before, with its weights and a source of their own. */
const sharing = (
  experts: ExpertDescription[],
  sources: number,
  options: ArbitraryOptions,
): fc.Arbitrary<ExpertDescription[]> =>
  fc
    .tuple(
      ...experts.map(() => fc.tuple(sometimes(options, 'shared-weights', fc.constant(true)), index(sources))),
    )
    .map((copies) =>
      experts.map((own, e) => {
        const [copy, source] = copies[e]!;
        const before = experts[e - 1];
        const chained = e >= 2 && copies[e - 1]![0] === true;
        return copy === true && before !== undefined && !chained && before.normalization !== 'batch'
          ? { ...before, source, sharesWith: e - 1 }
          : own;
      }),
    );

const layerExtras = (options: ArbitraryOptions) => {
  const normalizations = (['layer', 'batch'] as const).filter((kind) => may(options, `${kind}-norm`));
  return {
    normalization:
      normalizations.length === 0
        ? fc.constant(undefined)
        : fc.option(fc.constantFrom(...normalizations), { freq: 2, nil: undefined }),
    dropout: sometimes(options, 'dropout', fc.constantFrom(0.1, 0.5)),
  };
};

const activation = (options: ArbitraryOptions) => {
  if (options.activation !== undefined) return fc.constant(options.activation);
  return fc.constantFrom<Activation>(
    'relu',
    'linear',
    ...(may(options, 'activation') ? (['silu', 'gelu'] as const) : []),
  );
};

const task = (streams: number, place: number, options: ArbitraryOptions): fc.Arbitrary<TaskDescription> =>
  fc
    .record({
      kind: fc.constantFrom(...taskKinds),
      classes: fc.integer({ min: 2, max: 4 }),
      stream: index(streams),
      layers: fc.array(units, { maxLength: 2 }),
      activation: activation(options),
      lossWeight: fc.constantFrom(1, 1, 0.25, 2, 0),
      ...layerExtras(options),
    })
    .map(({ kind, classes, stream, layers, activation: act, lossWeight, normalization, dropout }) => ({
      name: `task ${place}`,
      kind,
      outputs: { binary: 1, multiclass: classes, regression: 1 }[kind],
      stream,
      tower: withoutUndefined({ layers, activation: act, normalization, dropout }),
      lossWeight,
    }));

export function arbitraryNetwork(options: ArbitraryOptions = {}): fc.Arbitrary<NetworkDescription> {
  return level(1, options)
    .chain((first) =>
      fc
        .option(level(first.streams.length, options), { freq: 2, nil: undefined })
        .map((second) => (second === undefined ? [first] : [first, second])),
    )
    .chain((levels) =>
      fc.integer({ min: 1, max: 3 }).chain((tasks) =>
        fc.record({
          variant: fc.constant('arbitrary'),
          input: input(options),
          levels: fc.constant(levels),
          tasks: fc.tuple(
            ...Array.from({ length: tasks }, (_, place) =>
              task(levels.at(-1)!.streams.length, place, options),
            ),
          ),
        }),
      ),
    )
    .chain((network) =>
      sometimes(options, 'distance', fc.constantFrom(0.01, 1)).map((strength) =>
        withDistance(network, strength),
      ),
    );
}

/** Holds together all parameters of one shape that a gradient changes. */
function withDistance(network: NetworkDescription, strength: number | undefined): NetworkDescription {
  if (strength === undefined) return network;
  const byShape = new Map<string, string[]>();
  for (const { name, shape, learningRate } of parameterSpecs(network)) {
    if (learningRate !== 0) byShape.set(shape.join(), [...(byShape.get(shape.join()) ?? []), name]);
  }
  return {
    ...network,
    distance: { strength, groups: [...byShape.values()].filter((group) => group.length > 1) },
  };
}

/** Returns rows that this network can read; some labels are missing, and some rows may weigh nothing. */
export function arbitraryRows(network: NetworkDescription, min = 1, max = 12): fc.Arbitrary<EncodedRows> {
  const { numeric, fields } = network.input;
  const label = ({ kind, outputs }: TaskDescription): fc.Arbitrary<number> => {
    const present = { binary: index(2), multiclass: index(outputs), regression: value };
    return fc.oneof({ arbitrary: present[kind], weight: 6 }, { arbitrary: fc.constant(NaN), weight: 1 });
  };
  const row = fc.record({
    numeric: times(value, numeric),
    // Of a field with several values, the number of one of its lists.
    categorical: fc.tuple(
      ...fields.map((each) => index(each.several === true ? listsOfField : entriesOf(each))),
    ),
    labels: fc.tuple(...network.tasks.map(label)),
    weight: fc.constantFrom(1, 2, 0.5, 0),
  });
  return fc
    .tuple(
      fc.array(row, { minLength: min, maxLength: max }),
      fc.boolean(),
      fc.tuple(...fields.map((each) => times(list(each.size), listsOfField))),
    )
    .map(([rows, weighted, lists]) => ({
      rows: rows.length,
      numeric: Float32Array.from(rows.flatMap((each) => each.numeric)),
      ...withLists(
        fields,
        rows.map((each) => each.categorical),
        lists,
      ),
      labels: Float32Array.from(rows.flatMap((each) => each.labels)),
      weights: weighted ? Float32Array.from(rows.map((each) => each.weight)) : null,
    }));
}

/** So many lists are drawn for a field of several values. */
const listsOfField = 4;
const list = (valuesOf: number): fc.Arbitrary<ListedValue[]> =>
  fc.array(fc.record({ value: index(valuesOf), share: fc.constantFrom(1, 0.5, 0.25) }), { maxLength: 4 });

/** Lays down the lists of fields with several values, and makes the numbers of lists their places. */
function withLists(
  fields: readonly FieldDescription[],
  categorical: readonly (readonly number[])[],
  lists: readonly (readonly (readonly ListedValue[])[])[],
): Pick<EncodedRows, 'categorical' | 'lists'> {
  const builder = new ListsBuilder();
  const places = fields.map((each, f) =>
    each.several === true ? lists[f]!.map((one) => builder.add(one)) : [],
  );
  return {
    categorical: Int32Array.from(
      categorical.flatMap((row) =>
        row.map((entry, f) => (fields[f]!.several === true ? places[f]![entry]! : entry)),
      ),
    ),
    ...(fields.some(({ several }) => several === true) && { lists: builder.build() }),
  };
}

/** Returns a network, rows for it and a seed for its weights. */
export function arbitraryCase(
  options: ArbitraryOptions = {},
): fc.Arbitrary<{ network: NetworkDescription; rows: EncodedRows; seed: number }> {
  return arbitraryNetwork(options).chain((network) =>
    fc.record({
      network: fc.constant(network),
      rows: arbitraryRows(network),
      seed: fc.integer({ min: 0, max: 1e6 }),
    }),
  );
}

/**
 * Draws every parameter from U(−1, 1), biases too: with biases of 0, a row of zeros would lie on every kink.
 * Running variances are positive.
 */
export function randomWeights(network: NetworkDescription, seed: number): NamedArrays {
  return new Map(
    parameterSpecs(network).map(({ name, shape }) => {
      const draw = seededUniform(seed, name);
      const positive = name.endsWith('.variance');
      return [
        name,
        {
          shape,
          data: Float32Array.from({ length: size(shape) }, () => (positive ? 0.5 + draw() : 2 * draw() - 1)),
        },
      ];
    }),
  );
}
