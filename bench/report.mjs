/**
 * @typedef {{ configuration: string, batch: number, rates: Record<string, number[]>, errors: Record<string,
 *   string> }} Measured rates: rows/s by contender, round by round
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? NaN;
  const high = sorted[Math.floor(middle)] ?? NaN;
  return (low + high) / 2;
}

/**
 * Median over the rounds of ours against the best of `peers` in that same round; NaN where one is missing.
 * @param {Measured} measured @param {string} ours @param {readonly string[]} peers
 */
export function ratio({ rates }, ours, peers) {
  const own = rates[ours] ?? [];
  return median(
    own
      .map((rate, round) => rate / Math.max(...peers.map((peer) => rates[peer]?.[round] ?? -Infinity)))
      .filter((value) => value > 0),
  );
}

/**
 * Floating-point operations of a training step for one row: two for each product, forward, and backward by
 * weights and by inputs.
 */
/** @param {import('./configurations.mjs').Configuration} c */
export function flopsPerRow({ inputs, experts, width, tower, tasks }) {
  const bank = inputs * (experts * width + tasks * experts);
  const rest = tasks * (experts * width + width * tower + tower);
  return 2 * (2 * bank + 3 * rest);
}

/** @param {readonly Measured[]} all @param {readonly string[]} names */
export function table(all, names) {
  const batches = [...new Set(all.map(({ batch }) => batch))];
  const lines = [];
  for (const configuration of new Set(all.map((each) => each.configuration))) {
    const own = all.filter((each) => each.configuration === configuration);
    lines.push(
      `${configuration}: thousand rows/s`.padEnd(28) +
        batches.map((batch) => String(batch).padStart(9)).join(''),
    );
    for (const name of names) {
      const cells = batches.map((batch) => {
        const rates = own.find((each) => each.batch === batch)?.rates[name];
        return (rates === undefined ? '–' : thousands(median(rates))).padStart(9);
      });
      if (cells.some((cell) => cell.trim() !== '–')) lines.push(name.padEnd(28) + cells.join(''));
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** @param {number} rowsPerSecond */
const thousands = (rowsPerSecond) => (rowsPerSecond / 1000).toFixed(rowsPerSecond < 100_000 ? 1 : 0);

/**
 * Each variant's rate, its arithmetic against the first's, and its rate with that taken into account, against
 * the first in the same round.
 * @param {readonly { name: string, products: number, rates: readonly number[] }[]} all @param {number} batch
 *   @param {number} most
 */
export function variantsText(all, batch, most) {
  const [first] = all;
  if (first === undefined) return '';
  const row = (/** @type {string[]} */ ...[name = '', rate = '', arithmetic = '', even = '']) =>
    name.padEnd(28) + rate.padStart(9) + arithmetic.padStart(12) + even.padStart(18);
  const lines = all.map(({ name, products, rates }) => {
    const arithmetic = products / first.products;
    const even = median(rates.map((rate, round) => (rate * arithmetic) / (first.rates[round] ?? NaN)));
    return row(name, thousands(median(rates)), arithmetic.toFixed(2), even.toFixed(2));
  });
  const head = row('variant', 'krows/s', 'arithmetic', 'rate × arithmetic');
  return [`batch ${batch}, ${most} threads; the last two against ${first.name}`, head, ...lines].join('\n');
}
