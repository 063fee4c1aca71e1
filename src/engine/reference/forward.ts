import type { LevelDescription, NetworkDescription, StreamDescription } from '../../network/description.js';
import { sum, type RowVectors } from './arithmetic.js';
import type { DoubleArrays, ForwardPass } from './forward-pass.js';
import { runGate } from './gates.js';
import { affine, runMlp } from './layers.js';

export interface ForwardResult {
  /** The logits or values by task, each [rows, outputs]. */
  readonly outputs: readonly RowVectors[];
  /** The weights of experts by level and stream, each [rows, experts]. */
  readonly routes: readonly (readonly RowVectors[])[];
  /** The experts' outputs by level and expert, each [rows, width]. */
  readonly experts: readonly (readonly RowVectors[])[];
}

/** Computes the network's forward pass over input rows [rows, width of the encoded row]. */
export function runForward(network: NetworkDescription, pass: ForwardPass, input: RowVectors): ForwardResult {
  let streams: readonly RowVectors[] = [input];
  const levels = network.levels.map((level, l) => {
    const found = runLevel(pass, level, l, streams);
    ({ streams } = found);
    pass.endLevel();
    return found;
  });
  const outputs = network.tasks.map(({ name, stream, tower, outputs: width }) => {
    const layers = `towers.${name}.layers`;
    const top = runMlp(pass, layers, layers, streams[stream]!, tower);
    return affine(pass, `towers.${name}.output`, top, width);
  });
  pass.endLevel();
  return {
    outputs,
    routes: levels.map(({ routes }) => routes),
    experts: levels.map(({ experts }) => experts),
  };
}

function runLevel(pass: ForwardPass, level: LevelDescription, l: number, below: readonly RowVectors[]) {
  const experts = level.experts.map((expert, e) => {
    const owner = expert.sharesWith ?? e;
    const draws = `levels.${l}.experts.${e}.layers`;
    return runMlp(pass, `levels.${l}.experts.${owner}.layers`, draws, below[expert.source]!, expert);
  });
  const gates = level.gates.map((gate, g) =>
    runGate(pass, `levels.${l}.gates.${g}`, below[gate.source]!, gate, experts.length),
  );
  const rows = below[0]!.length;
  const routes = level.streams.map(({ route }, s) =>
    routeRows(pass.weights, `levels.${l}.routes.${s}`, route, gates, rows),
  );
  return { experts, routes, streams: routes.map((route) => mixture(route, experts)) };
}

/** Returns the route's weights for every row: [rows, experts]. */
function routeRows(
  weights: DoubleArrays,
  name: string,
  route: StreamDescription['route'],
  gates: readonly RowVectors[],
  rows: number,
): RowVectors {
  const everywhere = (row: readonly number[]) => Array.from({ length: rows }, () => row);
  switch (route.kind) {
    case 'gate':
      return gates[route.gate]!;
    case 'fixed':
      return everywhere(route.weights);
    case 'path':
      return everywhere([...weights.get(`${name}.path`)!]);
    case 'constants': {
      const learned = [...weights.get(`${name}.constants`)!];
      return everywhere(route.initial.map((weight) => (weight === null ? 0 : learned.shift()!)));
    }
  }
}

/** Computes Σ_i route_i · expert_i: [rows, width]. */
function mixture(route: RowVectors, experts: readonly RowVectors[]): RowVectors {
  return route.map((weights, r) =>
    experts[0]![r]!.map((_, unit) => sum(weights.map((weight, e) => weight * experts[e]![r]![unit]!))),
  );
}
