import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../shared/errors.js';
import { loadExperiment, parseExperiment, experimentWithVariant, workspaceOf } from './load.js';

/** Each problem after the piece of the text that it is placed at. */
const messages = (text: string): string[] =>
  parseExperiment(text, 'a.mmoe.json').problems.map(({ line, column, endColumn, message }) => {
    const at = (text.split('\n')[(line ?? 0) - 1] ?? '').slice((column ?? 0) - 1, (endColumn ?? 0) - 1);
    return `${at} ⟶ ${message}`;
  });

describe('an experiment’s text', () => {
  it('needs a source and tasks alone, takes comments and trailing commas, names itself and its tasks', () => {
    const { experiment, problems } = parseExperiment(
      '{ // mine\n"data": {"source": "x.csv",},\n"tasks": [{"label": "a > 1"},],}',
      'in/census.mmoe.json',
    );
    expect(problems).toEqual([]);
    expect(experiment).toMatchObject({
      name: 'census',
      tasks: [{ name: 'a > 1', lossWeight: 1 }],
      model: { variant: 'mmoe', experts: { count: 8 } },
    });
  });

  it('has each unknown key placed at its name, with the name that was meant', () => {
    expect(
      messages('{"data": {"sorce": "x.csv", "tst": 0},\n "tasks": [{"label": "y"}], "modle": {}}'),
    ).toEqual([
      '"data" ⟶ data has no "source"; it needs one',
      '"sorce" ⟶ unknown key "sorce" in data; did you mean "source"?',
      '"tst" ⟶ unknown key "tst" in data; did you mean "test"?',
      '"modle" ⟶ unknown key "modle" in an experiment; did you mean "model"?',
    ]);
  });

  it.each([
    ['"tasks": [{"label": 3}]', '3 ⟶ tasks[0].label must be a text, not 3'],
    [
      '"tasks": [{"label": "y", "kind": "binry"}]',
      '"binry" ⟶ tasks[0].kind must be "binary", "multiclass" or "regression", ' +
        'not "binry"; did you mean "binary"?',
    ],
    ['"tasks": []', '[] ⟶ tasks must not be empty'],
    [
      '"tasks": [{"label": "y"}], "training": {"epochs": 2.5}',
      '2.5 ⟶ training.epochs must be a whole number, not 2.5',
    ],
    [
      '"tasks": [{"label": "y"}], "training": {"batchSize": 0}',
      '0 ⟶ training.batchSize must be at least 1, not 0',
    ],
    [
      '"tasks": [{"label": "y"}], "columns": {"a": {"kind": "cat"}}',
      '"cat" ⟶ columns.a.kind must be "numeric", "categorical" or "set", not "cat"',
    ],
    [
      '"tasks": [{"label": "y"}], "columns": {"a": "ignor"}',
      '"ignor" ⟶ columns.a must be "ignore", not "ignor"; did you mean "ignore"?',
    ],
    [
      '"tasks": [{"label": "y"}], "columns": {"a": {"kind": "numeric", "scale": "bin"}}',
      '"bin" ⟶ columns.a.scale must be "standard", "minmax", "log", "quantile", "robust", "none", "bins", ' +
        '"piecewise", "values" or "periodic", not "bin"; did you mean "bins"?',
    ],
    [
      '"tasks": [{"label": "y"}], "columns": {"a": {"kind": "numeric", "scale": {"bins": 1}}}',
      '1 ⟶ columns.a.scale.bins must be at least 2, not 1',
    ],
    [
      '"tasks": [{"label": "y"}], "columns": {"a": {"kind": "numeric", "scale": {"edges": "target"}}}',
      '"target" ⟶ target edges are those of bins or piecewise: this has no effect without them',
    ],
    [
      '"tasks": [{"label": "y"}], "columns": {"a": {"kind": "numeric", "scale": {"beside": "nonlinear"}}}',
      '"nonlinear" ⟶ beside is about bins, pieces, values or periodic inputs: this has no effect without them',
    ],
    [
      '"tasks": [{"label": "y"}, {"label": "y"}]',
      '"y" ⟶ there are two tasks named "y"; give each its own name',
    ],
    [
      '"tasks": [{"label": "y"}], "training": {"stopEarly": {"task": "yy"}}',
      '"yy" ⟶ there is no task "yy"; did you mean "y"?',
    ],
  ])('%s is wrong at its place', (rest, message) => {
    expect(messages(`{"data":{"source":"x"},${rest}}`)).toEqual([message]);
  });

  it('of several shapes is judged by the one that it comes nearest to', () => {
    expect(
      messages(
        '{"data": {"source": {"synthetic": {"rows": 5}}, "test": {"from": "train", "fraction": 0.5}}, ' +
          '"tasks": [{"label": "y1"}]}',
      ),
    ).toEqual([
      '5 ⟶ data.source.synthetic.rows must be at least 10, not 5',
      '"train" ⟶ data.test.from must be "test" or "validation", not "train"',
    ]);
    expect(messages('{"data": {"source": {"sq": ""}}, "tasks": [{"label": "y1"}]}')[0]).toContain(
      'did you mean "sql"?',
    );
  });

  it('that is not JSON, or not an object, says so', () => {
    expect(messages('{"data": ')[0]).toMatch(/ ⟶ this is not JSON: value expected/);
    expect(messages('[]')[0]).toMatch(/^\[ ⟶ an experiment is a JSON object/);
    expect(messages('')).toHaveLength(1);
    expect(messages('{ "data": { "source": "x",')).toEqual([' ⟶ this is not JSON: property name expected']);
  });

  it('with splits that make no sense is refused', () => {
    const data = (splits: string): string[] =>
      messages(`{"data": {"source": "x", ${splits}}, "tasks": [{"label": "y"}]}`);
    expect(data('"validation": 0.5, "test": 0.5')[0]).toContain('take all rows');
    expect(data('"validation": {"from": "validation", "fraction": 0.5}')[0]).toContain('from itself');
    expect(data('"validation": {"from": "test", "fraction": 0.5}, "test": 0')[0]).toContain(
      'there are no test rows',
    );
  });

  it('warns of a key that is there twice', () => {
    const { experiment, problems } = parseExperiment(
      '{"data": {"source": "x"}, "tasks": [{"label": "y", "label": "z"}]}',
      'a.mmoe.json',
    );
    expect(experiment?.tasks[0]?.label).toBe('z');
    expect(problems).toMatchObject([{ severity: 'warning', code: 'syntax.duplicate-key', column: 52 }]);
  });

  it('may speak of columns with names that objects have already', () => {
    const text =
      '{"data": {"source": "x"}, "tasks": [{"label": "y"}], "columns": ' +
      '{"__proto__": "ignore", "constructor": {"kind": "numeric"}}}';
    expect(Object.entries(parseExperiment(text, 'a.mmoe.json').experiment?.columns ?? {})).toEqual([
      ['__proto__', 'ignore'],
      ['constructor', { kind: 'numeric' }],
    ]);
    expect(messages(text.replace('"ignore"', '"ignor"'))).toEqual([
      expect.stringContaining('"ignor" ⟶ columns.__proto__ must be "ignore"'),
    ]);
  });

  it('never makes the reader throw, whatever it is', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          data: fc.jsonValue(),
          tasks: fc.jsonValue(),
          columns: fc.jsonValue(),
          model: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { experiment, problems } = parseExperiment(text, 'a.mmoe.json');
        return (
          experiment !== null ||
          problems.some((problem) => problem.severity === 'error' && problem.line !== null)
        );
      }),
    );
  });
});

describe('an experiment file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mmoe-load-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (text: string): Promise<string> => {
    const path = join(folder, 'a.mmoe.json');
    await writeFile(path, text);
    return path;
  };
  const good =
    '\uFEFF{"data": {"source": "x.csv"}, "tasks": [{"label": "y"}, {"name": "z", "label": "b = 1"}]}';

  it('takes settings: JSON values or texts, lists by index or task name, quoted keys', async () => {
    const sets = [
      'model.variant=omoe',
      'tasks[1].lossWeight=2',
      'tasks.y.kind=binary',
      'columns."a.b=c"=ignore',
      'columns.user id=ignore',
      'data.validation={"where":"v"}',
      'name=x=y',
    ];
    expect(await loadExperiment(await write(good), sets)).toMatchObject({
      name: 'x=y',
      model: { variant: 'omoe' },
      tasks: [{ kind: 'binary' }, { lossWeight: 2 }],
      columns: { 'a.b=c': 'ignore', 'user id': 'ignore' },
      data: { validation: { where: 'v' } },
    });
  });

  it('takes null as the default: the key is as if it were not there', async () => {
    const path = await write(
      '{"data": {"source": "x", "validation": 0.2}, "tasks": [{"label": "y"}, {"label": "z"}], ' +
        '"training": {"stopEarly": {"patience": 3}}}',
    );
    const sets = [
      'training.stopEarly=null',
      'data.validation=null',
      'tasks.z=null',
      'engine.threads=null',
      'model.gates.bias=null',
    ];
    expect(await loadExperiment(path, sets)).toMatchObject({
      data: { validation: 0.1 },
      tasks: [{ label: 'y' }],
      model: { gates: { bias: false } },
    });
    expect((await loadExperiment(path, sets)).training.stopEarly).toEqual({});
    expect((await loadExperiment(path, ['training.stopEarly.patience=null'])).training.stopEarly).toEqual({});
    await expect(loadExperiment(path, ['training.stopErly=null'])).rejects.toThrow(
      'did you mean "stopEarly"?',
    );
    await expect(loadExperiment(path, ['data.source=null'])).rejects.toThrow('data has no "source"');
  });

  it('that is a table says what makes an experiment for it', async () => {
    const path = join(folder, 'My Data.csv');
    await writeFile(path, 'a,b\n1,2\n');
    await expect(loadExperiment(path, [])).rejects.toThrow(
      'this is a table, not an experiment; mmoe new writes an experiment for it',
    );
  });

  it('takes settings of columns that are called like parts of an object', async () => {
    const experiment = await loadExperiment(await write(good), [
      'columns.constructor.kind=categorical',
      'columns.__proto__.kind=numeric',
    ]);
    expect(Object.entries(experiment.columns).sort()).toMatchObject([
      ['__proto__', { kind: 'numeric' }],
      ['constructor', { kind: 'categorical' }],
    ]);
    expect('kind' in {}).toBe(false);
  });

  it.each([
    [
      'model.gates.choose={"kind":"top"}',
      '--set model.gates.choose={"kind":"top"}: ' +
        'model.gates.choose must be "all", an object with "top" or an object with "selectors", ' +
        'not an object with "kind"',
    ],
    [
      'model.varient=omoe',
      '--set model.varient=omoe: unknown key "varient" in model; did you mean "variant"?',
    ],
    ['model', '--set model: it must be PATH=VALUE, for instance model.variant=omoe'],
    ['tasks[5].label=y', '--set tasks[5].label=y: tasks has only 2 entries, counted from 0'],
    ['tasks.q.label=y', '--set tasks.q.label=y: tasks has nothing named "q"'],
    [
      'data.source.sql=y',
      '--set data.source.sql=y: data.source is "x.csv", which has nothing inside; set data.source as a whole',
    ],
    ['training.epochs=many', '--set training.epochs=many: training.epochs must be a number, not "many"'],
  ])('refuses --set %s clearly', async (setting, message) => {
    await expect(loadExperiment(await write(good), [setting])).rejects.toThrow(message);
  });

  it('throws the first error with its place, and says how many more there are', async () => {
    const path = await write('{"data": {"source": 1, "seed": "a"}, "tasks": [{"label": "y"}]}');
    const error = await loadExperiment(path, []).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ place: { file: path, line: 1, column: 21, endColumn: 22 } });
    expect(String(error)).toContain('(and 1 more problem)');
  });

  it('whose variant is replaced may name any variant, but must name one', () => {
    const written = (variant: string, more = {}): { path: string; text: string; sets: string[] } => ({
      path: 'a.mmoe.json',
      text: JSON.stringify({
        data: { source: 'x.csv' },
        tasks: [{ label: 'a' }],
        model: { variant, ...more },
      }),
      sets: [],
    });
    expect(experimentWithVariant(written('single-task'), 'omoe').experiment.model.variant).toBe('omoe');
    // Of no use to single-task, but to the variant that is trained.
    expect(
      experimentWithVariant(written('single-task', { experts: { perTask: 1 } }), 'cgc').experiment.model
        .variant,
    ).toBe('cgc');
    expect(() => experimentWithVariant(written('mmeo'), 'omoe')).toThrow(/not "mmeo"; did you mean "mmoe"/);
    expect(() => experimentWithVariant({ ...written('mmoe'), sets: ['model.variant=mmeo'] }, 'omoe')).toThrow(
      /--set model.variant=mmeo: .*mmoe/,
    );
  });

  it('that is missing is named', async () => {
    await expect(loadExperiment(join(folder, 'none.mmoe.json'), [])).rejects.toMatchObject({
      place: { file: join(folder, 'none.mmoe.json') },
    });
  });

  it('belongs to the nearest folder above with a mark, else to its own', async () => {
    await mkdir(join(folder, 'w', '.vscode'), { recursive: true });
    await mkdir(join(folder, 'w', 'deep', 'er'), { recursive: true });
    expect(workspaceOf(join(folder, 'w', 'deep', 'er', 'a.mmoe.json'))).toBe(join(folder, 'w'));
    expect(workspaceOf(join(folder, 'a.mmoe.json'))).toBe(folder);
  });
});

it('a text that is nested too deep for a parser, and one with a zero byte, are told with their place', () => {
  const deep = `{"data": ${'['.repeat(120)}${']'.repeat(120)}}`;
  expect(parseExperiment(deep, 'x.mmoe.json').problems).toMatchObject([
    { code: 'syntax.nesting', line: 1, column: 10 + 99 },
  ]);
  const zero = '{"data": {"source": "t.csv", "where": "a\\u0000b"}, "tasks": [{"label": "y"}]}';
  expect(parseExperiment(zero, 'x.mmoe.json').problems).toMatchObject([
    { code: 'syntax.zero-byte', line: 1, column: zero.indexOf('"a\\') + 1 },
  ]);
});
