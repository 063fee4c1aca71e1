import { describe, expect, it } from 'vitest';
import { dialectOf } from './csv-dialect.js';

const plain = { delimiter: null, skip: 0, comment: null };

describe('the first lines of a text file', () => {
  it.each([
    ['nothing unusual', ['a,b', '1,2', '3,4'], plain],
    ['a doubled colon', ['1::2::3', '4::5::6'], { ...plain, delimiter: '::' }],
    ['a doubled bar', ['a||b', '1||2'], { ...plain, delimiter: '||' }],
    ['a colon in a field', ['1::Heat: 2::Drama|Crime', '2::Up, Down::Drama'], { ...plain, delimiter: '::' }],
    ['names with colons between commas', ['std::a,1', 'std::b,2'], plain],
    ['a bar within a longer delimiter', ['a|~|b', '1|~|2'], { ...plain, delimiter: '|~|' }],
    ['carets', ['a^b', '1^2'], { ...plain, delimiter: '^' }],
    ['control signs', ['a\u0001b', '1\u00012'], { ...plain, delimiter: '\u0001' }],
    ['a line that names the delimiter', ['sep=;', 'a;b', '1,5;2'], { ...plain, delimiter: ';', skip: 1 }],
    [
      'a title filled up with commas',
      ['Us,,', ',,', 'a,b,c', '1,2,3', '4,,6', '7,8,9'],
      { ...plain, skip: 2 },
    ],
    ['first rows that lack values', ['1,,', '4,5,6', '7,8,9', '1,,', '2,,3', '1,1,1'], plain],
    ['two tabs', ['a\t\tb', '1\t\t2'], { ...plain, delimiter: '\t\t' }],
    ['empty fields, which are no doubled delimiter', ['a|b||c', '1|2||4'], plain],
    ['semicolons between numbers with a comma', ['x;y', '0,5;1,25', '1;2,5'], { ...plain, delimiter: ';' }],
    [
      'names above numbers that all have a comma',
      ['x;y', '0,5;1,25', '1,5;2,5', '3,5;4,5', '5,5;6,5'],
      { ...plain, delimiter: ';' },
    ],
    ['semicolons within fields between commas', ['x,y', 'a;b,1', 'c;d,2'], plain],
    ['a title and an empty line', ['Report', '', 'a,b', '1,2', '3,4'], { ...plain, skip: 2 }],
    ['comments above', ['# of us', '# today', 'a;b', '1;2', '3;4'], { ...plain, skip: 2 }],
    ['comments between rows', ['a,b', '1,2', '# half', '3,4', '5,6'], { ...plain, comment: '#' }],
    ['rows that begin with the sign', ['a,b', '1,2', '#N/A,3', '3,4', '5,6'], plain],
    ['a sign within a row', ['a,b', '1,#2', '# x', '3,4', '5,6'], plain],
    ['single blanks', ['a b c', '1 2 3', 'x 5 6', '7 8 9'], { ...plain, delimiter: ' ' }],
    ['a blank in a name', ['name', 'Ann Lee', 'Bo Ek', 'Cy Ray'], plain],
    ['blanks beside commas', ['a b,c', '1 2,3', '4 5,6', '7 8,9'], plain],
    ['a line that is too short', ['a,b,c', '1,2,3', '1,2', '4,5,6'], plain],
  ])('may have %s', (_, lines, expected) => {
    expect(dialectOf(lines, {})).toEqual(expected);
  });

  it('have no say in what data.read says', () => {
    const read = { delimiter: ',', skip: 0, comment: '%' };
    expect(dialectOf(['Report', '1::2', '# x', '3::4', '5::6'], read)).toEqual(plain);
  });
});
