import type { Place } from '../shared/errors.js';
import type { Problem } from '../shared/messages/reports.js';

/** Returns a problem at a place of an experiment; the place is empty for a setting of the command line. */
export const problemAt = (
  severity: Problem['severity'],
  code: string,
  message: string,
  place: Place,
): Problem => ({
  severity,
  code,
  message,
  file: place.file ?? null,
  line: place.line ?? null,
  column: place.column ?? null,
  endLine: place.endLine ?? null,
  endColumn: place.endColumn ?? null,
});

/** Returns the place of a problem in the form that errors have. */
export function placeOfProblem(problem: Problem): Place {
  const { file, line, column, endLine, endColumn } = problem;
  return {
    ...(file !== null && { file }),
    ...(line !== null && { line }),
    ...(column !== null && { column }),
    ...(endLine !== null && { endLine }),
    ...(endColumn !== null && { endColumn }),
  };
}
