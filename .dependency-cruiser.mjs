/**
 * The walls between the rooms: who may import whom. A room may always import itself.
 * @type {Record<string, string[]>}
 */
const mayImport = {
  shared: [],
  host: ['run', 'experiment', 'shared', 'study'],
  cli: [
    'data',
    'engine',
    'experiment',
    'insight',
    'memory',
    'network',
    'run',
    'shared',
    'study',
    'training',
    'tuner',
  ],
  study: ['experiment', 'run', 'shared', 'tuner'],
  // Of the network's room, the seeded draws.
  tuner: ['network', 'shared'],
  engine: ['network', 'shared'],
  network: ['experiment', 'shared'],
  data: ['network', 'experiment', 'memory', 'shared'],
  training: ['engine', 'data', 'insight', 'memory', 'network', 'experiment', 'shared'],
  insight: ['network', 'shared'],
  run: ['shared'],
  experiment: ['shared'],
  // The memory of the trainer's process: the program says how it goes back to the system, data and training
  // release it.
  memory: [],
};

/**
 * The walls within a room: which sub-rooms, or files of the room itself, each sub-room may import. The room's
 * own files tie the sub-rooms together and may import all of them.
 * @type {Record<string, Record<string, string[]>>}
 */
const mayImportWithin = {
  // A table's way: what DuckDB holds is read, decided upon, gathered into memory, encoded and written.
  data: {
    duckdb: [],
    texts: [],
    simulate: ['duckdb'],
    read: ['duckdb', 'simulate', 'texts'],
    decide: ['duckdb', 'read', 'simulate', 'texts'],
    gather: ['decide', 'duckdb', 'read', 'texts'],
    encode: ['decide', 'duckdb', 'gather', 'read', 'texts'],
    stream: ['decide', 'encode', 'gather', 'prepared.ts'],
    write: ['decide', 'duckdb', 'encode', 'gather', 'options.ts', 'prepared.ts', 'read', 'stream'],
    sample: ['simulate'],
  },
  experiment: {
    schema: [],
    sense: ['experiment-error.ts', 'explain.ts', 'near.ts', 'place.ts', 'schema', 'schema.ts'],
  },
  run: {
    files: [],
    packed: [],
    store: ['create-run.ts', 'event-log.ts', 'files', 'liveness.ts', 'manifest.ts', 'reader.ts'],
  },
  training: {
    weighting: [],
    scores: ['optimizer-settings.ts', 'pace.ts'],
    checkpoint: ['job.ts', 'progress.ts', 'scores'],
    rows: ['order.ts', 'scores'],
    earlier: ['checkpoint'],
  },
  cli: {
    terminal: [],
    runs: [],
    tables: [],
    prediction: ['failure.ts', 'runs', 'tables', 'terminal', 'training'],
    earlier: ['prediction', 'runs', 'training'],
    training: ['failure.ts', 'terminal'],
    trainers: ['failure.ts', 'runs', 'training'],
    comparison: ['failure.ts', 'runs', 'terminal', 'trainers', 'training'],
    study: ['runs', 'terminal', 'trainers', 'training'],
    paper: ['study', 'terminal'],
    commands: [
      'comparison',
      'earlier',
      'paper',
      'prediction',
      'runs',
      'study',
      'tables',
      'terminal',
      'trainers',
      'training',
    ],
  },
  host: {
    editor: [],
    contributions: [],
    program: ['editor'],
    runs: ['contributions', 'editor'],
    trash: ['editor', 'runs'],
    'runs-view': ['contributions', 'editor', 'runs'],
    experiments: ['contributions', 'editor', 'runs'],
    studies: ['contributions', 'editor', 'runs'],
    'experiment-file': ['editor', 'program', 'runs'],
    'new-experiment': ['editor', 'experiment-file', 'program'],
    trainer: ['contributions', 'editor', 'experiments', 'program', 'runs'],
    pages: ['editor'],
    'run-page': ['contributions', 'editor', 'pages', 'runs'],
    'compare-page': ['contributions', 'editor', 'pages', 'runs'],
    'runs-table': ['contributions', 'editor', 'pages', 'runs', 'runs-view'],
    predictions: ['contributions', 'editor', 'pages'],
    'try-row': ['contributions', 'editor', 'pages', 'program', 'runs'],
    'study-page': ['contributions', 'editor', 'pages', 'studies'],
    commands: [
      'compare-page',
      'contributions',
      'editor',
      'experiment-file',
      'experiments',
      'new-experiment',
      'parts.ts',
      'program',
      'run-page',
      'runs',
      'runs-view',
      'studies',
      'study-page',
      'trash',
    ],
  },
  webview: {
    ui: ['strings.ts'],
    charts: ['strings.ts', 'ui'],
    study: ['charts', 'strings.ts', 'ui'],
    run: ['charts', 'strings.ts', 'ui'],
    compare: ['charts', 'strings.ts', 'ui'],
    'runs-table': ['charts', 'strings.ts', 'ui'],
    predictions: ['strings.ts', 'ui'],
    'try-row': ['charts', 'strings.ts', 'ui'],
  },
  'webview/ui': { theme: [], page: ['theme'] },
  'webview/charts': {
    curves: ['chart-element.ts', 'svg-context.ts'],
    routes: [],
    gates: ['chart-element.ts', 'routes', 'svg-context.ts'],
    network: ['chart-element.ts', 'routes'],
    figure: ['chart-element.ts'],
  },
  'webview/run': { model: [], cards: ['model'], head: ['model'] },
  'webview/study': { model: [], cards: ['model'] },
  'webview/compare': { model: [], curves: ['model'], tables: ['model'] },
  'webview/runs-table': { model: [], charts: ['model'] },
};

/** @param {string} room */
const folderOf = (room) => (/^webview\b/.test(room) ? room : `src/${room}`);

/** Tests, and what only tests use beside the sources. */
const testing = '\\.(test|fixture)\\.ts$';

const rooms = Object.entries(mayImport).map(([room, others]) => ({
  name: `wall-${room}`,
  comment: `src/${room} may import ${[room, ...others].join(', ')} and packages only.`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: testing },
  to: { path: '^(src|webview|test|scripts|bench)/', pathNot: `^src/(${[room, ...others].join('|')})/` },
}));

const subRooms = Object.entries(mayImportWithin).flatMap(([room, parts]) =>
  Object.entries(parts).map(([part, others]) => ({
    name: `wall-${room}-${part}`,
    comment: `Within ${folderOf(room)}, ${part} may import ${[part, ...others].join(', ')} only.`,
    severity: 'error',
    from: { path: `^${folderOf(room)}/${part}/`, pathNot: testing },
    to: { path: `^${folderOf(room)}/`, pathNot: `^${folderOf(room)}/(${[part, ...others].join('|')})(/|$)` },
  })),
);

/** A new sub-room has walls, too. */
const withoutWalls = Object.entries(mayImportWithin).map(([room, parts]) => ({
  name: `walls-of-${room}`,
  comment: `Every folder of ${folderOf(room)} stands in the table of what it may import.`,
  severity: 'error',
  from: {
    path: `^${folderOf(room)}/[^/]+/`,
    pathNot: `^${folderOf(room)}/(${Object.keys(parts).join('|')})/`,
  },
  to: {},
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rooms,
    ...subRooms,
    ...withoutWalls,
    {
      name: 'network-knows-types-of-experiment',
      comment:
        'The builders of variants take the model as the experiment file defines it: one shape, with its defaults ' +
        'filled in. Types are all that they need; reading and checking a file is not their business.',
      severity: 'error',
      from: { path: '^src/network/', pathNot: testing },
      to: { path: '^src/experiment/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'missing',
      comment: 'Imports something that is not there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
    {
      name: 'wall-webview',
      comment:
        'The pages know the rest only by its types and messages in src/shared, and an experiment, which a run ' +
        'keeps, by the schema that it was checked with: that is plain data over valibot. A study’s page says what ' +
        'matters by the tuner’s model: numbers in, numbers out.',
      severity: 'error',
      from: { path: '^webview/', pathNot: testing },
      to: {
        path: '^(src|test|scripts|bench)/',
        pathNot: '^src/(shared|experiment/schema)/|^src/tuner/importance\\.ts$',
      },
    },
    {
      name: 'shared-is-plain',
      comment: 'src/shared crosses processes and the pages’ border.',
      severity: 'error',
      from: { path: '^src/shared/', pathNot: testing },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pages-have-no-node',
      severity: 'error',
      from: { path: '^webview/', pathNot: testing },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'vscode-in-host-only',
      severity: 'error',
      from: { path: '^(src|webview)/', pathNot: '^src/(host/|extension\\.ts)' },
      to: { path: '^vscode$' },
    },
    {
      name: 'host-is-light',
      comment: 'Tables and tensors belong to the trainer program.',
      severity: 'error',
      from: { path: '^src/(host/|extension\\.ts|run/|experiment/|shared/|study/)' },
      to: { path: 'node_modules/(@duckdb|@tensorflow|ml-matrix)/' },
    },
    {
      name: 'study-knows-spaces',
      comment: 'What is proposed next is the program’s business: a study only says what can be chosen.',
      severity: 'error',
      from: { path: '^src/study/', pathNot: testing },
      to: { path: '^src/tuner/', pathNot: '^src/tuner/space\\.ts' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
