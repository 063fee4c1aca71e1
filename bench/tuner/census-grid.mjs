/** The space of the Census table: 5 × 5 × 4 × 5 settings of MMoE, by their paths. */
export const censusGrid = [
  { path: 'training.learningRate', values: [0.0002, 0.0006, 0.002, 0.006, 0.02] },
  { path: 'model.experts.layers', values: [[4], [8], [16], [32], [64]] },
  { path: 'model.experts.count', values: [2, 4, 8, 16] },
  { path: 'training.batchSize', values: [32, 64, 128, 256, 512] },
];
