import { cellText } from '../../shared/figures/table-data.js';
import type { PaperFigure, PaperReport } from '../../shared/study/paper/paper-table.js';
import type { StudyView } from '../study/study-view.js';
import { formatTable } from '../terminal/table.js';

/** Prints what a study has come to for a figure or table of the paper, and what the paper says of it. */
export function printReport(
  view: StudyView,
  { section, tables, claims }: PaperReport,
  figure: PaperFigure,
): void {
  for (const { title, table, texts, notes } of tables.filter((one) => one.figure === figure)) {
    view.line(title);
    const rows = table.rows.map((row) => row.map(cellText));
    for (const line of [...formatTable(table.columns, rows, texts), ...notes]) view.line(line);
    view.line();
  }
  view.line(`What the paper says (${section}), and what these runs say:`);
  const rows = claims
    .filter(({ of }) => of === null || of === figure)
    .map(({ text, verdict, found }) => [text, verdict, found]);
  for (const line of formatTable(['claim', 'here', 'by'], rows, 3)) view.line(line);
}
