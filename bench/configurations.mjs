/**
 * The configurations measured: MMoE (Ma et al. 2018) with ReLU experts of one layer, one softmax gate
 * without bias per task, ReLU towers of one layer, Adam. Data is random: only its shape matters for speed.
 * @typedef {{ inputs: number, experts: number, width: number, tower: number, kind: 'regression' | 'binary',
 *   tasks: number, rows: number }} Configuration
 */

/** @type {Record<string, Configuration>} */
export const configurations = {
  A: { inputs: 100, experts: 8, width: 16, tower: 8, kind: 'regression', tasks: 2, rows: 65_536 },
  B: { inputs: 256, experts: 8, width: 64, tower: 32, kind: 'binary', tasks: 2, rows: 32_768 },
};

export const batches = [32, 128, 256, 1024, 4096];

/**
 * The network's description, as src/network builds it. `fields`: sizes of one-hot fields.
 * @param {Configuration} configuration @param {readonly number[]} [fields]
 */
export function describe({ inputs, experts, width, tower, kind, tasks }, fields = []) {
  const every = Array.from({ length: experts }, (_, e) => e);
  const numbers = Array.from({ length: tasks }, (_, k) => k);
  return {
    variant: 'mmoe',
    input: { numeric: inputs, fields: fields.map((size, f) => ({ name: `f${f}`, size, encode: 'onehot' })) },
    levels: [
      {
        experts: every.map(() => ({ source: 0, layers: [width], activation: 'relu' })),
        gates: numbers.map(() => ({ source: 0, experts: every, bias: false, temperature: 1 })),
        streams: numbers.map((k) => ({ name: `t${k}`, task: k, route: { kind: 'gate', gate: k } })),
      },
    ],
    tasks: numbers.map((k) => ({
      name: `t${k}`,
      kind,
      outputs: 1,
      stream: k,
      tower: { layers: [tower], activation: 'relu' },
      lossWeight: 1,
    })),
  };
}

/**
 * Returns what takes a step with the next rows of an order, which begins anew where too few are left.
 * @param {Uint32Array} order @param {(indices: Uint32Array) => unknown} take
 * @returns {(batch: number) => void}
 */
export function stepper(order, take) {
  let at = 0;
  return (batch) => {
    if (at + batch > order.length) at = 0;
    take(order.subarray(at, at + batch));
    at += batch;
  };
}
