import { describe, expect, it } from 'vitest';
import { taughtExperiment, type TaughtTable } from './taught.js';

const table: TaughtTable = {
  source: 'taught.parquet',
  split: 'split',
  teachers: ['teacher: click', null],
  weight: 0.25,
  parts: { validation: true, test: false },
};

describe('the experiment of a taught table', () => {
  it('keeps what is written, comments too', () => {
    const text = `{
  // the rows
  "data": { "source": "a.csv", "read": { "decimal": "," }, "where": "x > 0", "test": 0 },
  "tasks": [
    { "label": "click" }, // a task
    { "label": "kind" }
  ],
}
`;
    expect(taughtExperiment(text, table)).toBe(`{
  // the rows
  "data": { "source": "taught.parquet", "test": 0, "validation": { "where": "\\"split\\" = 'validation'" } },
  "tasks": [
    { "label": "click", "teacher": { "value": "teacher: click", "weight": 0.25 } }, // a task
    { "label": "kind" }
  ],
}
`);
  });

  it('replaces splits and teachers that are there', () => {
    const text =
      '{"data":{"source":["a"],"validation":{"source":"b"}},"tasks":[{"label":"y","teacher":"z"}]}';
    expect(JSON.parse(taughtExperiment(text, { ...table, split: 'a"b' }))).toEqual({
      data: { source: 'taught.parquet', validation: { where: `"a""b" = 'validation'` } },
      tasks: [{ label: 'y', teacher: { value: 'teacher: click', weight: 0.25 } }],
    });
  });
});
