import type { StudyRecord } from '../record.js';
import type { Combination } from '../summary.js';
import { censusReport } from './census-report.js';
import { labelReport } from './label-correlation.js';
import { paperFigures, type PaperReport } from './paper-table.js';
import { recommenderReport } from './recommender-report.js';
import { syntheticReport } from './synthetic-report.js';

/**
 * Returns what a study has come to beside what the paper says; null: it is no study of the paper. `own`: of tables 1
 * and 2, the combinations of the study in which single-task is tuned for the auxiliary task, where they are known.
 */
export function paperReport(
  { origin, vary }: Pick<StudyRecord, 'origin' | 'vary'>,
  combinations: readonly Combination[],
  own: readonly Combination[] = [],
): PaperReport | null {
  if (origin.is !== 'paper') return null;
  const figure = paperFigures.find((one) => one === origin.figure);
  switch (figure) {
    case 'fig2':
      return labelReport(combinations);
    case 'fig3':
    case 'fig4':
    case 'fig5':
      return syntheticReport(combinations);
    case 'table1':
    case 'table2':
      // The study of the auxiliary task's single-task models is a part of the other one.
      return vary['model.variant']?.length === 1 ? null : censusReport(figure, combinations, own);
    case 'fig6':
    case 'table3':
    case 'table4':
      return recommenderReport(combinations);
    case undefined:
      return null;
  }
}
