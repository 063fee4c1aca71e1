import type { Container } from '../written/container.js';
import type { Plan } from './plan.js';

type Feature = Plan['features'][number];

/** Leaves out of a plan what the program does not read right yet. */
export function withoutNotYet(plan: Plan): Plan {
  const isJson = plan.containers.some(({ format }) => format === 'json');
  const hasOwn = [plan.validation, plan.test].some(({ kind }) => kind === 'source');
  return {
    ...plan,
    // The program calls a column of its own so.
    names: plan.names.map((name) => (name === 'mmoe late texts' ? 'mmoe' : name)),
    features: plan.features.map((feature) => ({
      ...feature,
      draw: isJson ? drawnInJson(feature.draw) : feature.draw,
      // What a column is in a split's own source is decided by the main source alone, also where that has no
      // value, and for columns that nobody uses.
      ...(hasOwn && { late: false, missing: feature.missing === 'none' ? 'none' : 'middle' }),
    })),
    containers: plan.containers.map(containerNow),
  };
}

/** JSON has no whole numbers of more than 64 bits, and not all forms of moments are found in it. */
function drawnInJson(draw: Feature['draw']): Feature['draw'] {
  switch (draw) {
    case 'zoned':
    case 'microsecond':
      return 'second';
    case '37 digits':
      return '64 bits';
    default:
      return draw;
  }
}

function containerNow(container: Container): Container {
  switch (container.format) {
    case 'csv':
      return {
        ...container,
        // TRUE and True become categories as they are written where a column is declared one, and a quotation
        // mark after a byte order mark is not seen.
        style: { ...container.style, truth: 'true' },
      };
    case 'json':
      return container;
    case 'parquet':
      // A column without a value in one file has a say in what it is.
      return { ...container, style: { ...container.style, nothing: 'as elsewhere' } };
  }
}
