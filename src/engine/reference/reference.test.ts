import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arbitraryCase,
  arbitraryNetwork,
  arbitraryRows,
  extras,
  randomWeights,
} from '../../network/arbitrary-network.fixture.js';
import type { GateDescription, NetworkDescription } from '../../network/description.js';
import { validateNetwork } from '../../network/validate.js';
import { doubles, reference } from './reference.js';

const all = (count: number) => Array.from({ length: count }, (_, row) => row);

test('routes of every gate are weights: none below 0, together 1', () => {
  fc.assert(
    fc.property(arbitraryCase(), ({ network, rows, seed }) => {
      validateNetwork(network);
      for (const pass of [null, { seed, step: 2 }]) {
        const { routes, total } = reference(
          network,
          doubles(randomWeights(network, seed)),
          rows,
          all(rows.rows),
          pass,
        );
        expect(total).not.toBeNaN();
        for (const row of routes) {
          row.forEach((level, l) => {
            level.forEach((route, s) => {
              if (network.levels[l]!.streams[s]!.route.kind !== 'gate') return;
              expect(Math.min(...route)).toBeGreaterThanOrEqual(0);
              expect(route.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
            });
          });
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('every extra comes up in random networks', () => {
  const found = new Set<string>();
  for (const network of fc.sample(arbitraryNetwork(), { numRuns: 300, seed: 1 })) {
    const text = JSON.stringify(network);
    const signs: Record<(typeof extras)[number], string> = {
      activation: '"gelu"',
      'layer-norm': '"normalization":"layer"',
      'batch-norm': '"normalization":"batch"',
      dropout: '"dropout"',
      'no-bias': '"bias":false',
      'shared-weights': '"sharesWith"',
      interactions: '"fm"',
      periodic: '"periodic"',
      several: '"several":true',
      'shared-tables': '"table"',
      path: '"path"',
      distance: '"distance"',
      'gate-layers': '"layers"',
      'gate-dropout': '"dropout"',
      top: '"top"',
      noise: '"noisy":true',
      load: '"load":',
      selectors: '"selectors"',
      balance: '"balance"',
    };
    for (const extra of extras) if (text.includes(signs[extra])) found.add(extra);
  }
  expect([...found].sort()).toEqual([...extras].sort());
});

/** The gate of a one-level network changed; everything else alike. */
function withGate(
  network: NetworkDescription,
  change: (gate: GateDescription) => GateDescription,
): NetworkDescription {
  return {
    ...network,
    levels: network.levels.map((level) => ({ ...level, gates: level.gates.map(change) })),
  };
}

describe('what is the same in the limit', () => {
  const plain = arbitraryNetwork({ extras: [] })
    .filter(({ levels }) => levels.some(({ gates }) => gates.length > 0))
    .chain((network) =>
      fc.record({ network: fc.constant(network), rows: arbitraryRows(network), seed: fc.nat(1e6) }),
    );
  const sameRoutes = (
    change: (gate: GateDescription) => GateDescription,
    digits: number,
    expected?: (gate: GateDescription) => number,
  ) => {
    fc.assert(
      fc.property(plain, ({ network, rows, seed }) => {
        const weights = doubles(randomWeights(network, seed));
        const before = reference(network, weights, rows, all(rows.rows));
        const after = reference(withGate(network, change), weights, rows, all(rows.rows));
        after.routes.forEach((row, r) =>
          row.forEach((level, l) =>
            level.forEach((route, s) => {
              const { route: description } = network.levels[l]!.streams[s]!;
              if (description.kind !== 'gate') return;
              const gate = network.levels[l]!.gates[description.gate]!;
              route.forEach((weight, e) => {
                const wanted =
                  expected === undefined
                    ? before.routes[r]![l]![s]![e]!
                    : gate.experts.includes(e)
                      ? expected(gate)
                      : 0;
                expect(weight).toBeCloseTo(wanted, digits);
              });
            }),
          ),
        );
      }),
      { numRuns: 40 },
    );
  };

  test('the top k of k experts are all of them', () => {
    sameRoutes(
      (gate) => ({ ...gate, choice: { kind: 'top', count: gate.experts.length, noisy: false } }),
      12,
    );
  });

  test('a very high temperature weighs all experts alike', () => {
    sameRoutes(
      (gate) => ({ ...gate, temperature: 1e9 }),
      6,
      (gate) => 1 / gate.experts.length,
    );
  });
});
