import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { doLater } from '../../run/files/file-work.js';
import { replaceFile } from '../../run/files/replace-file.js';
import { refuseLinkedRun } from '../../run/files/run-file.js';
import { paperLook, svgFile, type Figure } from '../../shared/figures/figure.js';
import { toCsv, toLatex, toMarkdown, type TableData } from '../../shared/figures/table-data.js';
import { curvesFigure, curvesTable, type CurvesOptions } from '../../shared/study/figures/curves.js';
import { distributionFigure, distributionTable } from '../../shared/study/figures/distribution.js';
import { gateKinds, gatesFigure, gatesTable, hasGates } from '../../shared/study/figures/gates.js';
import {
  dependenceFigure,
  dependenceTable,
  importanceFigure,
  importanceTable,
} from '../../shared/study/figures/importance.js';
import { labelsFigure } from '../../shared/study/figures/labels.js';
import { axesOf, consideredLines, judgedBy } from '../../shared/study/figures/parallel.js';
import { paretoFigure, paretoTable } from '../../shared/study/figures/scatter.js';
import type { StudyLine } from '../../shared/study/line.js';
import { observedSettings } from '../../shared/study/observed.js';
import { labelPoints } from '../../shared/study/paper/label-correlation.js';
import { claimsTable, figureName, type PaperReport } from '../../shared/study/paper/paper-table.js';
import { paperReport } from '../../shared/study/paper/report.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { layoutOf, measureChoices, type Measure } from '../../shared/study/results.js';
import { resultsTable } from '../../shared/study/results-table.js';
import { withShortNames } from '../../shared/study/short-names.js';
import { scoresOf, tasksOf, type Combination } from '../../shared/study/summary.js';
import type { StudyPaths } from '../../study/store.js';
import { importanceOf } from '../../tuner/importance.js';

/** Figures are as wide as a page of text, pixels. */
const width = 760;

/**
 * Writes the figures and tables of a study into its folder, as its page draws them: figures as SVG with their numbers
 * as CSV, tables as CSV, Markdown and LaTeX. Those of before are replaced.
 */
export async function writeFigures(
  paths: StudyPaths,
  told: StudyRecord,
  trained: readonly Combination[],
  /** All trainings of its folder, those that helped to choose among them. */
  known: Iterable<StudyLine>,
): Promise<void> {
  const short = withShortNames(told);
  const record = short.plan;
  const combinations = trained.map((one) => short.combination(one));
  const lines = combinations.flatMap((one) => one.lines);
  if (lines.length === 0) return;
  const write = await writerTo(paths);
  const draw = async (name: string, figure: Figure, table: TableData): Promise<void> => {
    await write(`${name}.svg`, svgFile(figure, paperLook));
    await write(`${name}.csv`, toCsv(table));
  };
  const report = paperReport(record, combinations);
  if (report !== null) await writePaper(paths, report);
  const points = labelPoints(combinations);
  if (points.length > 0)
    await draw('label correlation', labelsFigure(points, width, paperLook), report!.tables[0]!.table);
  // What trains nothing has no more.
  if (tasksOf(lines).length === 0) return;
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
  if (hasGates(combinations))
    for (const kind of gateKinds) {
      const figure = gatesFigure(combinations, kind, width, paperLook);
      await draw(`gates ${kind}`, figure, gatesTable(combinations, kind));
    }
  await writeTable(write, 'results', resultsTable(scoresOf(record, combinations)));
  const considered = consideredLines(record, known).map((line) => short.line(line));
  const judged = judgedBy(considered, measure);
  const axes = axesOf(record, considered, []);
  if (axes.length === 0) return;
  const importance = importanceOf(observedSettings(axes, considered, judged));
  if (importance.is !== 'told') return;
  const { settings } = importance;
  await draw('importance', importanceFigure(settings, width, paperLook), importanceTable(settings));
  await draw(
    'partial dependence',
    dependenceFigure(settings, judged, width, paperLook),
    dependenceTable(settings, judged),
  );
}

/** Writes the tables in which a study of the paper stands beside it, and what the paper claims. */
export async function writePaper(paths: StudyPaths, { tables, claims }: PaperReport): Promise<void> {
  const write = await writerTo(paths);
  for (const { figure, part, table } of tables)
    await writeTable(write, [figureName(figure), ...(part === undefined ? [] : [part])].join(' '), table);
  await writeTable(write, 'claims', claimsTable(claims));
}

type Write = (name: string, text: string) => Promise<void>;

/** Returns what writes a file into the folder of a study's figures. */
async function writerTo({ folder, figures }: StudyPaths): Promise<Write> {
  await doLater(refuseLinkedRun(folder));
  mkdirSync(figures, { recursive: true });
  await doLater(refuseLinkedRun(figures));
  return (name, text) => replaceFile(join(figures, name), text);
}

async function writeTable(write: Write, name: string, table: TableData): Promise<void> {
  await write(`${name}.csv`, toCsv(table));
  await write(`${name}.md`, toMarkdown(table));
  await write(`${name}.tex`, toLatex(table));
}
