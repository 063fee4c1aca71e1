import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { doLater } from '../../run/files/file-work.js';
import { replaceFile } from '../../run/files/replace-file.js';
import { refuseLinkedRun } from '../../run/files/run-file.js';
import { paperLook, svgFile, type Figure } from '../../shared/figures/figure.js';
import { toCsv, toLatex, toMarkdown, type TableData } from '../../shared/figures/table-data.js';
import { curvesFigure, curvesTable, type CurvesOptions } from '../../shared/study/figures/curves.js';
import { distributionFigure, distributionTable } from '../../shared/study/figures/distribution.js';
import { paretoFigure, paretoTable } from '../../shared/study/figures/scatter.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { layoutOf, measureChoices, type Measure } from '../../shared/study/results.js';
import { resultsTable } from '../../shared/study/results-table.js';
import { scoresOf, type Combination } from '../../shared/study/summary.js';
import type { StudyPaths } from '../../study/store.js';

/** Figures are as wide as a page of text, pixels. */
const width = 760;

/**
 * Writes the figures and tables of a study into its folder, as its page draws them: figures as SVG with their numbers
 * as CSV, tables as CSV, Markdown and LaTeX. Those of before are replaced.
 */
export async function writeFigures(
  { folder, figures }: StudyPaths,
  record: StudyRecord,
  combinations: readonly Combination[],
): Promise<void> {
  const lines = combinations.flatMap((one) => one.lines);
  if (lines.length === 0) return;
  await doLater(refuseLinkedRun(folder));
  mkdirSync(figures, { recursive: true });
  await doLater(refuseLinkedRun(figures));
  const write = (name: string, text: string): Promise<void> => replaceFile(join(figures, name), text);
  const draw = async (name: string, figure: Figure, table: TableData): Promise<void> => {
    await write(`${name}.svg`, svgFile(figure, paperLook));
    await write(`${name}.csv`, toCsv(table));
  };
  const layout = layoutOf(record, combinations);
  const { measure, tasks } = measureChoices(record, lines);
  for (const rows of ['train', 'validation'] as const) {
    if (lines.every(({ curves }) => Object.keys(curves[rows]).length === 0)) continue;
    const options: CurvesOptions = { task: measure.task, rows, band: 'sd', log: false };
    const figure = curvesFigure(layout, options, width, paperLook);
    await draw(`curves ${rows}`, figure, curvesTable(layout, options));
  }
  for (const kind of ['runs', 'cumulative'] as const) {
    const figure = distributionFigure(layout, measure, kind, width, paperLook);
    await draw(`final values ${kind}`, figure, distributionTable(combinations, measure));
  }
  const named = tasks.filter((task) => task !== null);
  if (named.length > 1) {
    const [x, y] = named.map((task): Measure => measureChoices(record, lines, { task }).measure);
    await draw(
      'task against task',
      paretoFigure(layout, x!, y!, width, paperLook),
      paretoTable(layout, x!, y!),
    );
  }
  const results = resultsTable(scoresOf(record, combinations));
  await write('results.csv', toCsv(results));
  await write('results.md', toMarkdown(results));
  await write('results.tex', toLatex(results));
}
