import { correlationPath } from '../../shared/study/paper/label-correlation.js';
import type { StudyInput } from '../schema.js';

/** The correlations of the tasks' weights that figure 2 has. */
const points = Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * The study behind figure 2 of Ma et al. (KDD 2018, section 3.2): how the labels of its synthetic data correlate where
 * the tasks' weights do so by p, over trials with data of their own. Nothing is trained.
 */
export const labelStudy = (trials: number): StudyInput => ({
  name: 'paper labels',
  description: 'Figure 2 of Ma et al., KDD 2018.',
  base: { data: { source: { synthetic: { rows: 2000 } } }, tasks: [{ label: 'y1' }, { label: 'y2' }] },
  vary: { [correlationPath]: points },
  seeds: { count: trials, data: true },
});
