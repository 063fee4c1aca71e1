import type {
  Activation,
  GateDescription,
  LayerExtras,
  NetworkDescription,
  SelectorChoice,
} from '../../network/description.js';
import { drawNormal, drawUniform, siteOf, stepKey } from '../../network/draws.js';
import { normalChance } from './normal-chance.js';
import { codeBits } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';

/** Parameters by name, row-major. */
export type DoubleArrays = ReadonlyMap<string, Float64Array>;

/** The step that a training pass belongs to: with dropout, noise and the batch's own statistics. */
export interface TrainingPass {
  readonly seed: number;
  /** Optimiser steps done. */
  readonly step: number;
}

export function inputRow(
  { input }: NetworkDescription,
  weights: DoubleArrays,
  data: EncodedRows,
  index: number,
): number[] {
  const row = [...data.numeric.subarray(index * input.numeric, (index + 1) * input.numeric)];
  const embedded: number[][] = [];
  input.fields.forEach(({ name, size, encode }, f) => {
    const value = data.categorical[index * input.fields.length + f]!;
    if (encode === 'onehot')
      row.push(...Array.from({ length: size }, (_, place) => (place === value ? 1 : 0)));
    else {
      embedded.push([
        ...weights
          .get(`embeddings.${name}.weight`)!
          .subarray(value * encode.embedding, (value + 1) * encode.embedding),
      ]);
      row.push(...embedded.at(-1)!);
    }
  });
  if (input.interactions === 'fm') {
    row.push(
      ...embedded[0]!.map(
        (_, unit) =>
          0.5 * (sum(embedded.map((e) => e[unit]!)) ** 2 - sum(embedded.map((e) => e[unit]! ** 2))),
      ),
    );
  }
  return row;
}

/** [rows, units]. */
type Matrix = readonly (readonly number[])[];

/** Of layers, in what differs between experts and towers. */
interface Layers extends LayerExtras {
  readonly layers: readonly number[];
  readonly activation: Activation;
}

const NORMALIZATION_EPSILON = 1e-5;

/** The forward pass, plainly: what tests hold engines to. */
export class Forward {
  kinkDistance = Infinity;
  /**
   * Product over levels and towers, of the MLP of the largest product over its layers: normalisations upon
   * each other multiply.
   */
  stretch = 1;
  private layerStretch = 1;
  private levelStretch = 1;
  /** Balance and entropy losses. */
  additions = 0;
  readonly running = new Map<string, Float64Array>();
  private readonly key: number | null;

  constructor(
    private readonly network: NetworkDescription,
    private readonly weights: DoubleArrays,
    pass: TrainingPass | null,
  ) {
    this.key = pass === null ? null : stepKey(pass.seed, pass.step);
  }

  run(input: Matrix) {
    let streams: Matrix[] = [input];
    const routes: Matrix[][] = [];
    const experts: Matrix[][] = [];
    this.network.levels.forEach((level, l) => {
      const outputs = level.experts.map((expert, e) => {
        const owner = expert.sharesWith ?? e;
        const drops = `levels.${l}.experts.${e}.layers`;
        return this.mlp(`levels.${l}.experts.${owner}.layers`, drops, streams[expert.source]!, expert);
      });
      const gates = level.gates.map((gate, g) =>
        this.gate(`levels.${l}.gates.${g}`, streams[gate.source]!, gate, level.experts.length),
      );
      const levelRoutes = level.streams.map(({ route }, s): Matrix => {
        if (route.kind === 'gate') return gates[route.gate]!;
        const name = `levels.${l}.routes.${s}`;
        const learned =
          route.kind === 'fixed'
            ? []
            : [...this.weights.get(route.kind === 'path' ? `${name}.path` : `${name}.constants`)!];
        const row =
          route.kind === 'fixed'
            ? route.weights
            : route.initial.map((weight) => (weight === null ? 0 : learned.shift()!));
        return input.map(() => row);
      });
      streams = levelRoutes.map((route) =>
        input.map((_, r) =>
          outputs[0]![r]!.map((__, unit) =>
            sum(route[r]!.map((weight, e) => weight * outputs[e]![r]![unit]!)),
          ),
        ),
      );
      routes.push(levelRoutes);
      this.endLevel();
      experts.push(outputs);
    });
    const outputs = this.network.tasks.map(({ name, stream, tower, outputs: width }) => {
      const layers = `towers.${name}.layers`;
      return this.linear(`towers.${name}.output`, this.mlp(layers, layers, streams[stream]!, tower), width);
    });
    this.endLevel();
    return { outputs, routes, experts };
  }

  private endLevel(): void {
    this.stretch *= this.levelStretch;
    this.levelStretch = 1;
  }

  private linear(name: string, input: Matrix, width: number): Matrix {
    const weight = this.weights.get(`${name}.weight`)!;
    const bias = this.weights.get(`${name}.bias`);
    return input.map((row) =>
      Array.from({ length: width }, (_, unit) =>
        row.reduce((total, value, i) => total + value * weight[i * width + unit]!, bias?.[unit] ?? 0),
      ),
    );
  }

  /** `drops`: under what name its dropout is drawn, where its weights are another's. */
  private mlp(
    name: string,
    drops: string,
    input: Matrix,
    { layers, activation, normalization, dropout = 0 }: Layers,
  ): Matrix {
    let stretch = 1;
    const top = layers.reduce((below, width, j) => {
      this.layerStretch = 1;
      const product = this.linear(`${name}.${j}`, below, width);
      const normal =
        normalization === undefined ? product : this.normalize(`${name}.${j}`, product, normalization);
      stretch *= this.layerStretch;
      const units = normal.map((row) => row.map((unit) => this.activate(activation, unit)));
      return this.drop(`${drops}.${j}.dropout`, units, dropout);
    }, input);
    this.levelStretch = Math.max(this.levelStretch, stretch);
    return top;
  }

  private activate(activation: Activation, unit: number): number {
    if (activation === 'linear') return unit;
    if (activation === 'silu') return unit / (1 + Math.exp(-unit));
    if (activation === 'gelu')
      return 0.5 * unit * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (unit + 0.044715 * unit ** 3)));
    this.near(unit);
    return Math.max(unit, 0);
  }

  private normalize(name: string, input: Matrix, kind: 'layer' | 'batch'): Matrix {
    const scale = this.weights.get(`${name}.scale`)!;
    const shift = this.weights.get(`${name}.shift`)!;
    const scaled = (
      row: readonly number[],
      mean: (unit: number) => number,
      variance: (unit: number) => number,
    ) =>
      row.map((value, unit) => {
        const deviation = Math.sqrt(variance(unit) + NORMALIZATION_EPSILON);
        this.layerStretch = Math.max(this.layerStretch, 1 / deviation);
        return ((value - mean(unit)) / deviation) * scale[unit]! + shift[unit]!;
      });
    if (kind === 'layer') {
      return input.map((row) => {
        const [mean, variance] = moments(row);
        return scaled(
          row,
          () => mean,
          () => variance,
        );
      });
    }
    const means = this.weights.get(`${name}.mean`)!;
    const variances = this.weights.get(`${name}.variance`)!;
    if (this.key === null)
      return input.map((row) =>
        scaled(
          row,
          (unit) => means[unit]!,
          (unit) => variances[unit]!,
        ),
      );
    const own = [...scale].map((_, unit) => moments(input.map((row) => row[unit]!)));
    this.running.set(
      `${name}.mean`,
      means.map((value, unit) => 0.9 * value + 0.1 * own[unit]![0]),
    );
    this.running.set(
      `${name}.variance`,
      variances.map((value, unit) => 0.9 * value + 0.1 * own[unit]![1]),
    );
    return input.map((row) =>
      scaled(
        row,
        (unit) => own[unit]![0],
        (unit) => own[unit]![1],
      ),
    );
  }

  private drop(name: string, input: Matrix, rate: number): Matrix {
    const { key } = this;
    if (key === null || rate === 0) return input;
    const site = siteOf(name);
    return input.map((row, r) =>
      row.map((unit, u) =>
        drawUniform(key, site, r * row.length + u) < rate ? 0 : unit / (1 - Math.fround(rate)),
      ),
    );
  }

  /** [rows, experts]. */
  private gate(name: string, stream: Matrix, gate: GateDescription, experts: number): Matrix {
    const { layers = [], choice, balance = 0 } = gate;
    const seen = gate.experts.length;
    const hidden = this.mlp(`${name}.layers`, '', stream, { layers, activation: 'relu' });
    const shares =
      choice?.kind === 'selectors'
        ? this.select(name, hidden, gate, choice, seen)
        : this.softmaxGate(name, hidden, gate, seen);
    if (this.key !== null && balance > 0) {
      this.additions +=
        balance * squaredVariation(gate.experts.map((_, n) => sum(shares.map((row) => row[n]!))));
    }
    return shares.map((row) =>
      Array.from({ length: experts }, (_, e) =>
        gate.experts.includes(e) ? row[gate.experts.indexOf(e)]! : 0,
      ),
    );
  }

  /** Which experts are left in for row r. */
  private kept(name: string, r: number, { dropout = 0 }: GateDescription, seen: number): boolean[] {
    const { key } = this;
    if (key === null || dropout === 0) return Array.from({ length: seen }, () => true);
    const kept = Array.from(
      { length: seen },
      (_, n) => drawUniform(key, siteOf(`${name}.dropout`), r * seen + n) >= dropout,
    );
    return kept.includes(true) ? kept : kept.map(() => true);
  }

  private softmaxGate(name: string, input: Matrix, gate: GateDescription, seen: number): Matrix {
    const { choice } = gate;
    const noisy = this.key !== null && choice?.kind === 'top' && choice.noisy;
    const deviations = noisy
      ? this.linear(`${name}.noise`, input, seen).map((row) => row.map((u) => Math.log1p(Math.exp(u))))
      : null;
    const clean = this.linear(name, input, seen);
    const drawn = clean.map((row, r) =>
      row.map((logit, n) =>
        deviations === null
          ? logit
          : logit + drawNormal(this.key!, siteOf(`${name}.noise`), r * seen + n) * deviations[r]![n]!,
      ),
    );
    if (deviations !== null && choice?.kind === 'top' && choice.count < seen && (choice.load ?? 0) > 0) {
      const chances = clean.map((row, r) => this.chances(row, deviations[r]!, drawn[r]!, choice.count));
      this.additions +=
        choice.load! * squaredVariation(gate.experts.map((_, n) => sum(chances.map((row) => row[n]!))));
    }
    return drawn.map((row, r) => {
      const logits = row.map((logit) => logit / gate.temperature);
      const kept = this.kept(name, r, gate, seen);
      const order = [...logits.keys()]
        .filter((n) => kept[n])
        .sort((a, b) => logits[b]! - logits[a]! || a - b);
      const count = choice?.kind === 'top' ? Math.min(choice.count, order.length) : order.length;
      if (count < order.length) this.near(logits[order[count - 1]!]! - logits[order[count]!]!);
      const chosen = order.slice(0, count);
      const shares = softmax(chosen.map((n) => logits[n]!));
      return logits.map((_, n) => (chosen.includes(n) ? shares[chosen.indexOf(n)]! : 0));
    });
  }

  /**
   * Of each expert, that another draw of its noise would have it among the `count` largest (Shazeer et al.
   * 2017, equations 8 and 9).
   */
  private chances(
    clean: readonly number[],
    deviations: readonly number[],
    drawn: readonly number[],
    count: number,
  ): number[] {
    const order = [...drawn.keys()].sort((a, b) => drawn[b]! - drawn[a]! || a - b);
    // The threshold is another expert's logit from there on.
    for (let place = count - 1; place <= count + 1; place++) {
      if (place > 0 && place < order.length) this.near(drawn[order[place - 1]!]! - drawn[order[place]!]!);
    }
    return clean.map((logit, n) => {
      const threshold = drawn[order[order.indexOf(n) < count ? count : count - 1]!]!;
      return normalChance((logit - threshold) / deviations[n]!);
    });
  }

  private select(
    name: string,
    input: Matrix,
    gate: GateDescription,
    choice: SelectorChoice,
    seen: number,
  ): Matrix {
    const bits = codeBits(seen);
    const codes = this.linear(`${name}.selectors`, input, choice.count * bits);
    return this.linear(name, input, choice.count).map((row, r) => {
      const selectors = softmax(row.map((logit) => logit / gate.temperature));
      const shares = Array.from({ length: seen }, () => 0);
      selectors.forEach((selector, s) => {
        const steps = codes[r]!.slice(s * bits, (s + 1) * bits).map((z) => this.smoothStep(z, choice.width));
        if (this.key !== null)
          this.additions += (choice.entropy * sum(steps.map(binaryEntropy))) / input.length;
        for (let code = 0; code < 2 ** bits; code++) {
          const chance = steps.reduce((product, step, b) => product * ((code >> b) & 1 ? step : 1 - step), 1);
          shares[code % seen]! += selector * chance;
        }
      });
      const kept = this.kept(name, r, gate, seen);
      const left = sum(shares.filter((_, n) => kept[n]));
      // Where what is left in has no weight at all, nothing is left out.
      return left > 0 ? shares.map((share, n) => (kept[n] ? share / left : 0)) : shares;
    });
  }

  private smoothStep(t: number, width: number): number {
    this.near(Math.abs(t) - width / 2);
    if (t <= -width / 2) return 0;
    if (t >= width / 2) return 1;
    return (-2 * t ** 3) / width ** 3 + (3 * t) / (2 * width) + 0.5;
  }

  private near(distance: number): void {
    this.kinkDistance = Math.min(this.kinkDistance, Math.abs(distance));
  }
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Mean and biased variance. */
function moments(values: readonly number[]): [number, number] {
  const mean = sum(values) / values.length;
  return [mean, sum(values.map((value) => (value - mean) ** 2)) / values.length];
}

/** CV²: the biased variance by the square of the mean. */
function squaredVariation(values: readonly number[]): number {
  const [mean, variance] = moments(values);
  return variance / mean ** 2;
}

const binaryEntropy = (p: number) => (p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log(1 - p));

export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const exps = logits.map((logit) => Math.exp(logit - largest));
  const sum = exps.reduce((total, e) => total + e, 0);
  return exps.map((e) => e / sum);
}
