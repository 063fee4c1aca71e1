const tasks = [
  { name: 'first', label: 'y1' },
  { name: 'second', label: 'y2 + 2 * sin(10000 * x1)' },
];

/**
 * This experiment trains for minutes: long enough to be watched, reloaded and stopped. Half of the
 * second label is noise, so that the tasks' curves part.
 */
export const longExperiment = JSON.stringify({
  data: { source: { synthetic: { rows: 40_000, dimensions: 60 } } },
  tasks,
  model: { experts: { count: 16, layers: [128] } },
  training: { epochs: 300 },
});

/** This experiment trains in a moment. */
export const smallExperiment = JSON.stringify({
  data: { source: { synthetic: { rows: 2000, dimensions: 20 } } },
  tasks,
  training: { epochs: 5 },
});
