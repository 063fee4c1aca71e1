/** Makes the folders of runs whose pages are opened: a small one, a long one, and one of many experts. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @typedef {{ name: string, epochs: number, experts: number, steps: number }} Shape */

/** @type {Shape[]} */
export const shapes = [
  { name: 'small', epochs: 20, experts: 8, steps: 100 },
  { name: '2,000 epochs', epochs: 2000, experts: 8, steps: 2000 },
  { name: '64 experts x 1,000 epochs', epochs: 1000, experts: 64, steps: 2000 },
];

const tasks = ['income', 'never married'];

/** @param {string} folder @param {Shape} shape */
export async function makeRun(folder, { epochs, experts, steps }) {
  const template = await readFile(join(import.meta.dirname, '../runs/run-template.json'), 'utf8');
  const manifest = JSON.parse(template);
  const streams = tasks.map((name, task) => ({ name, task }));
  Object.assign(manifest, {
    ...{ id: '20261001-120000-page', status: 'finished', epochs, stepsPerEpoch: 100 },
    tasks: tasks.map((name) => ({ name, kind: 'binary', positive: 0.2, classes: ['0', '1'] })),
    network: { variant: 'mmoe', levels: [{ experts, width: 16, routes: 'gate', streams }] },
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'run.json'), JSON.stringify(manifest, null, 2));
  let seq = 0;
  /** @type {string[]} */
  const lines = [];
  const digits = (/** @type {number} */ value) => Number(value.toFixed(6));
  const add = (/** @type {string} */ type, /** @type {number} */ epoch, /** @type {object} */ rest) =>
    lines.push(JSON.stringify({ seq: ++seq, type, time: epoch * 0.5, step: epoch * 100, ...rest }));
  const score = (/** @type {number} */ epoch, /** @type {number} */ shift) =>
    Object.fromEntries(
      tasks.map((task, at) => {
        const loss = digits(0.3 + 0.4 / (1 + epoch / 50) + 0.01 * Math.sin(epoch * 1.7 + at) + shift);
        return [task, { auc: digits(1 - loss / 2), loss, logLoss: loss, accuracy: digits(0.9 - loss / 8) }];
      }),
    );
  add('start', 0, { epochs, stepsPerEpoch: 100 });
  for (let epoch = 0; epoch <= epochs; epoch++) {
    if (epoch > 0)
      for (let step = 0; step < steps / epochs; step++)
        lines.push(
          JSON.stringify({
            ...{ seq: ++seq, type: 'step', time: epoch * 0.5, step: epoch * 100 - 50 + step, epoch },
            losses: Object.fromEntries(tasks.map((task) => [task, digits(0.5 + 0.1 * Math.sin(seq))])),
          }),
        );
    const isLast = epoch === epochs;
    add('epoch', epoch, {
      ...{ epoch, train: score(epoch, -0.02), validation: score(epoch, 0), rowsPerSecond: 2e5 },
      best: isLast,
    });
    const weights = (/** @type {number} */ stream) => {
      const raw = Array.from({ length: experts }, (_, i) => 1 + Math.sin(epoch / 90 + i * (stream + 1)));
      const sum = raw.reduce((total, one) => total + one, 0);
      return raw.map((one) => digits(one / sum));
    };
    add('routes', epoch, {
      ...{ epoch, level: 0 },
      groups: [
        {
          ...{ where: null, rows: 20000 },
          streams: tasks.map((_, stream) => ({
            mean: weights(stream),
            sd: weights(stream).map((one) => digits(one / 3)),
            ...(isLast && { histogram: weights(stream).map(() => Array.from({ length: 20 }, () => 1000)) }),
          })),
        },
      ],
    });
    add('experts', epoch, {
      ...{ epoch, level: 0 },
      experts: Array.from({ length: experts }, (_, expert) => ({
        ...{ alive: 15, units: 16, norm: digits(1 + Math.sin(expert + epoch / 100)) },
        nearest: { expert: (expert + 1) % experts, similarity: digits(0.5) },
      })),
    });
  }
  lines.push(
    JSON.stringify({
      seq: ++seq,
      type: 'end',
      time: epochs,
      step: epochs * 100,
      status: 'finished',
      reason: '',
    }),
  );
  await writeFile(join(folder, 'events.jsonl'), `${lines.join('\n')}\n`);
}
