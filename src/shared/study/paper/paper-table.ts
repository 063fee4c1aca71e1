import type { TableData } from '../../figures/table-data.js';
import type { Claim } from './claims.js';

/** The figures and tables of the paper that can be reproduced, as `mmoe paper` knows them. */
export const paperFigures = [
  ...(['fig2', 'fig3', 'fig4', 'fig5', 'fig6'] as const),
  ...(['table1', 'table2', 'table3', 'table4'] as const),
];
export type PaperFigure = (typeof paperFigures)[number];

/** A table that stands for a figure or table of the paper, with the paper's own numbers where it gives some. */
export interface PaperTable {
  readonly figure: PaperFigure;
  readonly title: string;
  /** What it has of its own where a figure has several tables; left out: it is the only one. */
  readonly part?: string;
  readonly table: TableData;
  /** How many columns are texts, from the left. */
  readonly texts: number;
  /** How to read it, and where the paper's numbers are from. */
  readonly notes: readonly string[];
}

/** A claim, and the figure or table that it is about; null: it is about all of the study. */
export interface PaperClaim extends Claim {
  readonly of: PaperFigure | null;
}

/** What a study of the paper has come to, beside what the paper says. */
export interface PaperReport {
  /** Of the paper, where the claims stand. */
  readonly section: string;
  readonly tables: readonly PaperTable[];
  readonly claims: readonly PaperClaim[];
}

/** What stands below the tables of figures. */
export const givenAsFigure = 'paper: drawn as a figure, not given as numbers.';

/** Returns a figure's or table's name as the paper has it: `Figure 3`. */
export const figureName = (figure: PaperFigure): string =>
  figure.replace(/^fig/, 'Figure ').replace(/^table/, 'Table ');

/** Returns claims as a table, with what they are about where that is not the same for all. */
export function claimsTable(claims: readonly PaperClaim[]): TableData {
  const hasOf = new Set(claims.map(({ of }) => of)).size > 1;
  return {
    columns: [...(hasOf ? ['of'] : []), 'claim', 'here', 'holds'],
    rows: claims.map(({ of, text, found, verdict }) => [
      ...(hasOf ? [of === null ? '' : figureName(of)] : []),
      ...[text, found, verdict],
    ]),
  };
}
