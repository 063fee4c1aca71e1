import type { GateDescription, SelectorChoice, TopChoice } from '../../../../network/description.js';
import { siteOf } from '../../../../network/draws/draws.js';
import { codeBits } from '../../../../network/parameters.js';
import { loadParts } from '../../format/numbers.js';
import { operation, type Operation } from '../../format/operations.js';
import type { Builder } from '../../program/builder.js';
import type { Bank } from '../experts/bank-plan.js';
import { thresholdOf } from '../layers/dropout.js';
import { planGateLayers, type GateOutputs } from './gate-layers-plan.js';
import type { GatePart } from './gate-parts.js';
import type { RoutePlan } from './route-plan.js';

/** A gate whose weights are to be planned. */
interface Place {
  readonly builder: Builder;
  /** The gate's own name, which its parameters' names begin with. */
  readonly name: string;
  readonly gate: GateDescription;
  readonly outputs: GateOutputs;
  readonly value: number;
  readonly gradient: number;
}

/**
 * Emits the backward operations from the weights' gradient to the layer's. `learns`: whether there is such a
 * gradient.
 */
type Weigh = (learns: boolean) => void;

/** `name`: the gate's own; `columns`: where its parts lie in the bank. */
export function planGate(
  builder: Builder,
  name: string,
  gate: GateDescription,
  bank: Bank,
  columns: ReadonlyMap<GatePart['suffix'], number>,
): RoutePlan {
  const { experts, balance: factor = 0 } = gate;
  const count = experts.length;
  const { forward, backward } = builder.programs;
  const began = forward.length;
  const layers = planGateLayers(builder, name, gate, bank, columns);
  const value = builder.routeRows(count);
  const gradient = builder.routeRows(count);
  const started = new Set<number>();
  const place: Place = { builder, name, gate, outputs: layers.outputs, value, gradient };
  const load = planLoad(place);
  const weigh = planWeights(place);
  const sums = factor > 0 ? builder.importance.area.take(count) : null;
  builder.importance.add(forward.slice(began), [
    ...(sums === null ? [] : [operation.importance({ p: value, experts: count, sums })]),
    ...(load === null ? [] : [load.sums]),
  ]);
  return {
    experts,
    value,
    gradient,
    started,
    backward: () => {
      const add = started.size > 0;
      if (sums !== null)
        backward.push(operation.balance({ sums, factor, dp: gradient, experts: count, add }));
      weigh(add || sums !== null);
      load?.backward();
      layers.backward();
    },
  };
}

/** Emits the forward operations that weigh the experts; returns what emits the backward ones. */
function planWeights(place: Place): Weigh {
  const { choice } = place.gate;
  switch (choice?.kind) {
    case undefined:
    case 'top':
      return planSoftmax(place, choice);
    case 'selectors':
      return planSelectors(place, choice);
  }
}

/** Returns the number of experts and factor of a load loss; only noisy choices of some experts have one. */
function loadLossOf({ experts, choice }: GateDescription): { count: number; factor: number } | null {
  switch (choice?.kind) {
    case undefined:
    case 'selectors':
      return null;
    case 'top': {
      const { count, noisy, load: factor = 0 } = choice;
      return noisy && count < experts.length && factor > 0 ? { count, factor } : null;
    }
  }
}

/**
 * Emits what must come before the noise; `sums`: what adds up a share's load; `backward` comes after the
 * noise's. Null: the gate has no load loss.
 */
function planLoad(place: Place): { sums: Operation; backward: () => void } | null {
  const { builder, name, gate, outputs } = place;
  const loss = loadLossOf(gate);
  if (loss === null) return null;
  const { count, factor } = loss;
  const experts = gate.experts.length;
  const { value: z, gradient: dz } = outputs.get('')!;
  const { value: u, gradient: du } = outputs.get('.noise')!;
  const parts = builder.routeRows(loadParts * experts);
  const sums = builder.importance.area.take(experts);
  const { forward, backward } = builder.programs;
  forward.push(operation.load({ z, u, experts, count, site: siteOf(`${name}.noise`), parts }));
  return {
    // The chances are the first of the parts.
    sums: operation.importance({ p: parts, experts, sums }),
    backward: () => void backward.push(operation.loadBackward({ sums, factor, parts, experts, u, dz, du })),
  };
}

function planSoftmax(place: Place, choice: TopChoice | undefined): Weigh {
  const { builder, name, gate, outputs, value: p, gradient: dp } = place;
  const { temperature, dropout = 0 } = gate;
  const { forward, backward } = builder.programs;
  const experts = gate.experts.length;
  const { value: z, gradient: dz } = outputs.get('')!;
  const noise = outputs.get('.noise');
  const inverseTemperature = 1 / temperature;
  if (noise !== undefined)
    forward.push(operation.noise({ z, u: noise.value, experts, site: siteOf(`${name}.noise`) }));
  const count = Math.min(choice?.count ?? experts, experts);
  if (count === experts && dropout === 0) {
    forward.push(operation.gate({ z, experts, inverseTemperature, p }));
  } else {
    const drops = { threshold: thresholdOf(dropout), site: siteOf(`${name}.dropout`) };
    forward.push(operation.choice({ z, experts, inverseTemperature, p, count, ...drops }));
  }
  return (learns) => {
    if (learns) backward.push(operation.gateBackward({ p, dp, experts, inverseTemperature, dz }));
    else backward.push(operation.clear({ to: dz, columns: experts }));
    if (noise !== undefined)
      backward.push(operation.noiseBackward({ dz, u: noise.value, experts, du: noise.gradient }));
  };
}

function planSelectors(place: Place, { count, width, entropy }: SelectorChoice): Weigh {
  const { builder, name, gate, outputs, value, gradient } = place;
  const { experts, temperature, dropout = 0 } = gate;
  const { forward, backward } = builder.programs;
  const { value: a, gradient: da } = outputs.get('')!;
  const { value: c, gradient: dc } = outputs.get('.selectors')!;
  const bits = codeBits(experts.length);
  const of = {
    ...{ a, c, count, bits, experts: experts.length },
    inverseTemperature: 1 / temperature,
    inverseWidth: 1 / width,
    p: value,
    sigma: builder.routeRows(count),
    scale: builder.routeRows(1),
    work: builder.areas.scratch.take(2 ** (bits + 1) * builder.limits.width),
  };
  const drops = { threshold: thresholdOf(dropout), site: siteOf(`${name}.dropout`) };
  forward.push(operation.select({ of, ...drops }));
  return (learns) =>
    void backward.push(operation.selectBackward({ of, dp: learns ? gradient : null, entropy, da, dc }));
}
