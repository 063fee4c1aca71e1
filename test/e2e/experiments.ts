const tasks = [
  { name: 'first', label: 'y1' },
  { name: 'second', label: 'y2' },
];

/** Trains for minutes: long enough to be watched, reloaded and stopped. */
export const longExperiment = JSON.stringify({
  data: { source: { synthetic: { rows: 100_000, dimensions: 60 } } },
  tasks,
  training: { epochs: 2000 },
});

/** Trains for a second or two. */
export const shortExperiment = JSON.stringify({
  data: { source: { synthetic: { rows: 2000, dimensions: 20 } } },
  tasks,
  training: { epochs: 3 },
});
