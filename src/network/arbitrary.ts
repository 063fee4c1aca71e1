import * as fc from 'fast-check';
import type {
  Activation,
  ExpertDescription,
  FieldDescription,
  GateDescription,
  InputDescription,
  LevelDescription,
  NetworkDescription,
  RouteDescription,
  TaskDescription,
} from './description.js';
import { parameterSpecs, size, type NamedArrays } from './parameters.js';
import { seededUniform } from './random.js';
import type { EncodedRows } from './rows.js';

/** Random small networks and rows for property tests: everything that a description can say. */

interface ArbitraryOptions {
  /** Default: either. `linear` has no kinks, for finite differences. */
  readonly activation?: Activation;
}

const index = (length: number) => fc.integer({ min: 0, max: length - 1 });
const units = fc.integer({ min: 1, max: 5 });
const value = fc.integer({ min: -40, max: 40 }).map((n) => n / 16);
const times = <T>(arbitrary: fc.Arbitrary<T>, count: number) => fc.array(arbitrary, { minLength: count, maxLength: count });

const field = (place: number): fc.Arbitrary<FieldDescription> =>
  fc.record({
    name: fc.constant(`field ${place}`),
    size: fc.integer({ min: 1, max: 5 }),
    encode: fc.oneof(fc.constant('onehot' as const), fc.record({ embedding: fc.integer({ min: 1, max: 3 }) })),
  });

const input: fc.Arbitrary<InputDescription> = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 }))
  .chain(([numeric, fields]) =>
    fc.record({
      numeric: fc.constant(numeric + fields === 0 ? 1 : numeric),
      fields: fc.tuple(...Array.from({ length: fields }, (_, place) => field(place))),
    }),
  );

const gate = (sources: number, experts: number): fc.Arbitrary<GateDescription> =>
  fc.record({
    source: index(sources),
    experts: fc.uniqueArray(index(experts), { minLength: 1 }).map((chosen) => chosen.sort((a, b) => a - b)),
    bias: fc.boolean(),
    temperature: fc.constantFrom(1, 1, 0.5, 3),
  });

const route = (experts: number, gates: number): fc.Arbitrary<RouteDescription> =>
  fc.oneof(
    fc.record({ kind: fc.constant('fixed' as const), weights: times(fc.constantFrom(0, 1, 0.5, -1), experts) }),
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
        experts: times(expert(sources, width, options), experts),
        gates: times(gate(sources, experts), gates),
        streams: times(route(experts, gates), streams).map((routes) =>
          routes.map((each, place) => ({ name: `stream ${place}`, task: null, route: each })),
        ),
      }),
    );

const expert = (sources: number, width: number, options: ArbitraryOptions): fc.Arbitrary<ExpertDescription> =>
  fc.record({
    source: index(sources),
    layers: fc.array(units, { maxLength: 2 }).map((hidden) => [...hidden, width]),
    activation: activation(options),
  });

const activation = (options: ArbitraryOptions) =>
  options.activation === undefined ? fc.constantFrom<Activation>('relu', 'linear') : fc.constant(options.activation);

const task = (streams: number, place: number, options: ArbitraryOptions): fc.Arbitrary<TaskDescription> =>
  fc
    .record({
      kind: fc.constantFrom('binary' as const, 'multiclass' as const, 'regression' as const),
      classes: fc.integer({ min: 2, max: 4 }),
      stream: index(streams),
      layers: fc.array(units, { maxLength: 2 }),
      activation: activation(options),
      lossWeight: fc.constantFrom(1, 1, 0.25, 2, 0),
    })
    .map(({ kind, classes, stream, layers, activation: act, lossWeight }) => ({
      name: `task ${place}`,
      kind,
      outputs: kind === 'multiclass' ? classes : 1,
      stream,
      tower: { layers, activation: act },
      lossWeight,
    }));

export function arbitraryNetwork(options: ArbitraryOptions = {}): fc.Arbitrary<NetworkDescription> {
  return level(1, options)
    .chain((first) =>
      fc
        .option(level(first.streams.length, options), { freq: 1, nil: undefined })
        .map((second) => (second === undefined ? [first] : [first, second])),
    )
    .chain((levels) =>
      fc.integer({ min: 1, max: 3 }).chain((tasks) =>
        fc.record({
          variant: fc.constant('arbitrary'),
          input,
          levels: fc.constant(levels),
          tasks: fc.tuple(...Array.from({ length: tasks }, (_, place) => task(levels.at(-1)!.streams.length, place, options))),
        }),
      ),
    );
}

/** Rows that this network can read; some labels are missing, some rows may weigh nothing. */
export function arbitraryRows(network: NetworkDescription, least = 1, most = 12): fc.Arbitrary<EncodedRows> {
  const { numeric, fields } = network.input;
  const label = ({ kind, outputs }: TaskDescription): fc.Arbitrary<number> => {
    const present = kind === 'regression' ? value : index(kind === 'binary' ? 2 : outputs);
    return fc.oneof({ arbitrary: present, weight: 6 }, { arbitrary: fc.constant(NaN), weight: 1 });
  };
  const row = fc.record({
    numeric: times(value, numeric),
    categorical: fc.tuple(...fields.map((each) => index(each.size))),
    labels: fc.tuple(...network.tasks.map(label)),
    weight: fc.constantFrom(1, 2, 0.5, 0),
  });
  return fc.tuple(fc.array(row, { minLength: least, maxLength: most }), fc.boolean()).map(([rows, weighted]) => ({
    rows: rows.length,
    numeric: Float32Array.from(rows.flatMap((each) => each.numeric)),
    categorical: Int32Array.from(rows.flatMap((each) => each.categorical)),
    labels: Float32Array.from(rows.flatMap((each) => each.labels)),
    weights: weighted ? Float32Array.from(rows.map((each) => each.weight)) : null,
  }));
}

/** A network, rows for it and a seed for its weights. */
export function arbitraryCase(
  options: ArbitraryOptions = {},
): fc.Arbitrary<{ network: NetworkDescription; rows: EncodedRows; seed: number }> {
  return arbitraryNetwork(options).chain((network) =>
    fc.record({ network: fc.constant(network), rows: arbitraryRows(network), seed: fc.integer({ min: 0, max: 1e6 }) }),
  );
}

/** Every parameter from U(−1, 1), biases too: with biases of 0, a row of zeros would lie on every kink. */
export function randomWeights(network: NetworkDescription, seed: number): NamedArrays {
  return new Map(
    parameterSpecs(network).map(({ name, shape }) => {
      const draw = seededUniform(seed, name);
      return [name, { shape, data: Float32Array.from({ length: size(shape) }, () => 2 * draw() - 1) }];
    }),
  );
}
