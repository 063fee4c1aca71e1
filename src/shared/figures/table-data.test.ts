import { expect, it } from 'vitest';
import { toCsv, toLatex, toMarkdown } from './table-data.js';

it('CSV quotes what must be quoted and leaves unknown numbers empty', () => {
  expect(toCsv({ columns: ['a,b', 'say "x"'], rows: [[1.5, null]] })).toBe('"a,b","say ""x"""\n1.5,\n');
});

it('a name is no formula in a spreadsheet, and a number stays one', () => {
  expect(toCsv({ columns: ['=1+1', '@a'], rows: [['-b', -1.5]] })).toBe("'=1+1,'@a\n'-b,-1.5\n");
});

const table = {
  columns: ['method', 'a|b', 'n'],
  rows: [
    ['shared_bottom & 50 %', '+0.01 [−0.02, 1]', 0.12345],
    ['x\\y', '– → ±²', null],
  ],
};

it('Markdown sets numbers to the right, and escapes what means something', () => {
  expect(toMarkdown(table)).toBe(
    [
      '| method | a\\|b | n |',
      '| --- | --- | ---: |',
      '| shared\\_bottom & 50 % | +0.01 \\[−0.02, 1\\] | 0.1235 |',
      '| x\\\\y | – → ±² | – |',
      '',
    ].join('\n'),
  );
});

it('LaTeX has one tabular, in which no text is a command', () => {
  expect(toLatex(table)).toBe(
    [
      '\\begin{tabular}{llr}',
      '  \\toprule',
      '  method & a|b & n \\\\',
      '  \\midrule',
      '  shared\\_bottom \\& 50 \\% & +0.01 [$-$0.02, 1] & 0.1235 \\\\',
      '  x\\textbackslash{}y & -- $\\to$ $\\pm$\\textsuperscript{2} & -- \\\\',
      '  \\bottomrule',
      '\\end{tabular}',
      '',
    ].join('\n'),
  );
});
