import { relative } from 'node:path';
import { placeOfProblem } from '../../experiment/problem.js';
import { formatPlace } from '../../shared/errors.js';
import type { Problem } from '../../shared/messages/reports.js';
import { stderr } from './terminal.js';

/** `warning: what (file:line:column)`, the file relative to where the person is. */
export function problemLine(problem: Problem): string {
  const place = placeOfProblem(problem);
  const where = formatPlace({
    ...place,
    ...(place.file !== undefined && { file: relative(process.cwd(), place.file) || '.' }),
  });
  return `${problem.severity}: ${problem.message}${where === '' ? '' : ` (${where})`}`;
}

/** Prints what may not be meant, though the experiment can be trained with it. */
export function printWarnings(warnings: readonly Problem[]): void {
  for (const problem of warnings) stderr.line(problemLine(problem));
}
