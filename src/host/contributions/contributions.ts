import { walkthrough } from './walkthrough-table.js';

/**
 * The one table of what the extension contributes: commands, keys, views, the run editor and tasks; menus,
 * settings and the walkthrough have tables beside it. The `contributes` of package.json and package.nls.json
 * are made from them (package-json.ts; its test rewrites both files). Code that registers, names or reads any
 * of these takes names and types from here.
 */

export interface CommandContribution {
  readonly title: string;
  /** The name of a codicon. */
  readonly icon?: string;
  /**
   * When the command can be used at all. If more is needed than a when-clause can say, the command explains
   * it.
   */
  readonly enablement?: string;
  /** False hides the command from the palette, if it makes sense only in its menu. */
  readonly palette?: false;
}

export const runEditor = {
  viewType: 'mmoe.run',
  displayName: 'MMoE Run',
  pattern: '**/.mmoe/runs/*/run.json',
} as const;

/** The page of a run is in front. */
export const onRunPage = `activeCustomEditorId == '${runEditor.viewType}'`;

export const commands = {
  'mmoe.train': { title: 'Train', icon: 'play' },
  'mmoe.trainAllVariants': { title: 'Train All Variants', icon: 'run-all' },
  'mmoe.trainStudy': { title: 'Train Study', icon: 'run-all' },
  'mmoe.openStudy': { title: 'Open Study', icon: 'graph-scatter' },
  'mmoe.stopStudy': { title: 'Stop Study', icon: 'debug-stop' },
  'mmoe.goOnStudy': { title: 'Go On with Study', icon: 'debug-continue' },
  'mmoe.renameStudy': { title: 'Rename Study', icon: 'edit' },
  'mmoe.editStudyNotes': { title: 'Edit Notes of Study', icon: 'note' },
  'mmoe.deleteStudy': { title: 'Delete Study', icon: 'trash' },
  'mmoe.openStudyLine': { title: 'Open as Run', palette: false },
  'mmoe.openStudyFile': { title: 'Open File of Study', icon: 'go-to-file' },
  'mmoe.openStudyFolder': { title: 'Reveal Folder of Study', icon: 'folder-opened' },
  'mmoe.reproducePaper': { title: 'Reproduce the Paper…', icon: 'graph-line' },
  'mmoe.newExperiment': { title: 'New Experiment from Data…', icon: 'new-file' },
  'mmoe.createSample': { title: 'Create Sample Files…', icon: 'beaker' },
  'mmoe.installTensorflow': { title: 'Install TensorFlow Backend' },
  'mmoe.openWalkthrough': { title: 'Get Started' },
  'mmoe.showOutput': { title: 'Show Output' },
  'mmoe.refresh': { title: 'Refresh', icon: 'refresh' },

  'mmoe.compareRuns': { title: 'Compare Runs', icon: 'compare-changes' },
  'mmoe.openComparison': { title: 'Open Comparison…', icon: 'compare-changes' },
  'mmoe.openSelectedComparison': { title: 'Open Comparison', palette: false },
  'mmoe.stopComparison': { title: 'Stop Comparison', icon: 'debug-stop' },
  'mmoe.renameComparison': { title: 'Rename Comparison…', icon: 'edit' },
  'mmoe.editComparisonNotes': { title: 'Edit Notes of Comparison', icon: 'note' },
  'mmoe.tagComparison': { title: 'Tag Comparison…', icon: 'tag' },
  'mmoe.archiveComparison': { title: 'Archive Comparison', icon: 'archive' },
  'mmoe.unarchiveComparison': { title: 'Bring Back Archived Comparison' },
  'mmoe.deleteComparison': { title: 'Delete Comparison', icon: 'trash' },
  'mmoe.showRunsTable': { title: 'Show Runs as a Table', icon: 'table' },
  'mmoe.openRun': { title: 'Open Run', icon: 'graph-line' },
  'mmoe.previewSelected': { title: 'Preview', palette: false },
  'mmoe.nextRun': { title: 'Open Next Run', icon: 'arrow-down', enablement: onRunPage },
  'mmoe.previousRun': { title: 'Open Previous Run', icon: 'arrow-up', enablement: onRunPage },
  'mmoe.showRunning': { title: 'Show Running Runs' },
  'mmoe.stop': { title: 'Stop Run', icon: 'debug-stop' },
  'mmoe.resume': { title: 'Resume Run', icon: 'debug-continue' },
  'mmoe.resumeComparison': { title: 'Resume Comparison', icon: 'debug-continue' },
  'mmoe.runAgain': { title: 'Run Again', icon: 'debug-rerun' },
  'mmoe.startFromRun': { title: 'Train On from Run…', icon: 'git-branch' },
  'mmoe.rename': { title: 'Rename Run…', icon: 'edit' },
  'mmoe.star': { title: 'Star Run', icon: 'star-empty' },
  'mmoe.unstar': { title: 'Unstar Run', icon: 'star-full' },
  'mmoe.editNotes': { title: 'Edit Notes', icon: 'note' },
  'mmoe.predict': { title: 'Predict…', icon: 'table' },
  'mmoe.tryRow': { title: 'Try a Row…', icon: 'symbol-field' },
  'mmoe.tagRuns': { title: 'Tag Runs…', icon: 'tag' },
  'mmoe.archive': { title: 'Archive Run', icon: 'archive' },
  'mmoe.unarchive': { title: 'Bring Back Archived Run' },
  'mmoe.delete': { title: 'Delete Run', icon: 'trash' },
  'mmoe.restoreDeleted': { title: 'Restore Deleted Run…' },
  'mmoe.openExperiment': { title: 'Open Experiment of Run', icon: 'go-to-file' },
  'mmoe.openLog': { title: 'Open Log of Run', icon: 'output' },
  'mmoe.openRunFolder': { title: 'Reveal Folder of Run', icon: 'folder-opened' },
  'mmoe.openRunJson': { title: 'Open run.json as Text', icon: 'json' },
  'mmoe.copyRunId': { title: 'Copy Id of Run', icon: 'copy' },

  'mmoe.sortRuns': { title: 'Sort Runs…', icon: 'list-ordered' },
  'mmoe.filterRuns': { title: 'Filter Runs…', icon: 'filter' },
  'mmoe.clearRunFilter': {
    title: 'Clear Filter of Runs',
    icon: 'filter-filled',
    enablement: 'mmoe.runsFiltered',
  },
  'mmoe.groupRuns': { title: 'Group Runs by…', icon: 'list-tree' },
  'mmoe.showMoreRuns': { title: 'Show More Runs', palette: false },
} as const satisfies Record<string, CommandContribution>;
export type CommandId = keyof typeof commands;

/** `when`: a view that is not there otherwise. */
export const views = {
  'mmoe.experiments': { name: 'Experiments', icon: 'media/icon.svg', size: 1 },
  'mmoe.studies': { name: 'Studies', icon: 'media/icon.svg', size: 1, when: 'mmoe.hasStudies' },
  'mmoe.runs': { name: 'Runs', icon: 'media/icon.svg', size: 2 },
} as const;
export type ViewId = keyof typeof views;

/** The context keys that `setContext` sets and the when-clauses of menus use. */
export interface ContextKeys {
  'mmoe.runsFiltered': boolean;
  'mmoe.hasStudies': boolean;
  /** The status of the run whose editor is active, or `diverged`; null: no run’s editor is active. */
  'mmoe.activeRunStatus': string | null;
}

export const studyEditor = {
  viewType: 'mmoe.study',
  displayName: 'MMoE Study',
  pattern: '**/.mmoe/studies/*/study.json',
} as const;

/** The compare page is a webview panel, and its tabs are restored from their state. */
export const comparePage = { viewType: 'mmoe.compare' } as const;

/** The table of runs is one webview panel, which is restored too. */
export const runsTablePage = { viewType: 'mmoe.runsTable' } as const;

/** Each form of a row is a webview panel, restored from its state. */
export const tryRowPage = { viewType: 'mmoe.tryRow' } as const;

/** Each page of predictions is a webview panel, restored from its state. */
export const predictionsPage = { viewType: 'mmoe.predictions' } as const;

export const taskType = 'mmoe';
export const walkthroughId = walkthrough.id;
/** Pages of runs have addresses of this scheme. */
export const runScheme = 'mmoe-run';
/** Notes of runs are edited as documents of this scheme. */
export const notesScheme = 'mmoe-notes';

/**
 * A key gives its command no item, so this argument says that the selection of the view is meant. Unless
 * several runs are selected, the focused one is selected first: that is the one that a key is pressed on.
 */
export const selectionArgument = 'selection';
export const keybindings: readonly {
  readonly command: CommandId;
  readonly key: string;
  readonly mac: string;
  /**
   * Where the key counts: in the runs view, there while no more than one item is selected, in the studies view, or
   * on a run's page.
   */
  readonly where: 'runs' | 'one run' | 'studies' | 'run page';
}[] = [
  { command: 'mmoe.delete', key: 'delete', mac: 'cmd+backspace', where: 'runs' },
  { command: 'mmoe.rename', key: 'f2', mac: 'enter', where: 'runs' },
  { command: 'mmoe.previewSelected', key: 'space', mac: 'space', where: 'one run' },
  { command: 'mmoe.deleteStudy', key: 'delete', mac: 'cmd+backspace', where: 'studies' },
  { command: 'mmoe.renameStudy', key: 'f2', mac: 'enter', where: 'studies' },
  { command: 'mmoe.nextRun', key: 'alt+pagedown', mac: 'alt+pagedown', where: 'run page' },
  { command: 'mmoe.previousRun', key: 'alt+pageup', mac: 'alt+pageup', where: 'run page' },
];

const canTrain = 'workspaceFolderCount != 0 && isWorkspaceTrusted';
const link = (text: string, command: CommandId): string => `[${text}](command:${command})`;
const lines = (...texts: readonly string[]): string => texts.join('\n');

export const viewsWelcome: readonly { view: ViewId; id: string; contents: string; when: string }[] = [
  {
    view: 'mmoe.experiments',
    id: 'noFolder',
    when: 'workspaceFolderCount == 0',
    contents: lines(
      'Open the folder that holds your tables, to train models on them.',
      '[Open Folder](command:workbench.action.files.openFolder)',
      'Or look around first, with a small sample:',
      link('Create Sample Files…', 'mmoe.createSample'),
    ),
  },
  {
    view: 'mmoe.experiments',
    id: 'noExperiment',
    when: canTrain,
    contents: lines(
      'An experiment is a file (*.mmoe.json) that names the data, the tasks and the model. ' +
        'There is none in this workspace yet.',
      link('New Experiment from Data…', 'mmoe.newExperiment'),
      'Or look around first, with a small sample:',
      link('Create Sample Files…', 'mmoe.createSample'),
      link('How it works', 'mmoe.openWalkthrough'),
    ),
  },
  {
    view: 'mmoe.experiments',
    id: 'untrusted',
    when: 'workspaceFolderCount != 0 && !isWorkspaceTrusted',
    contents: lines(
      'There is no experiment in this workspace. ' +
        'In a folder that is not trusted, runs can be looked at, but nothing is trained.',
      '[Manage Trust](command:workbench.trust.manage)',
    ),
  },
  {
    view: 'mmoe.runs',
    id: 'noRun',
    when: `${canTrain} && !mmoe.runsFiltered`,
    contents: lines(
      'No runs yet. Train an experiment, here or in a terminal, and its run appears at once.',
      link('Train…', 'mmoe.train'),
    ),
  },
  {
    view: 'mmoe.runs',
    id: 'untrustedRuns',
    when: 'workspaceFolderCount != 0 && !isWorkspaceTrusted && !mmoe.runsFiltered',
    contents: lines(
      'No runs here. Trust this folder to train its experiments.',
      '[Manage Trust](command:workbench.trust.manage)',
    ),
  },
  {
    view: 'mmoe.runs',
    id: 'filtered',
    when: 'mmoe.runsFiltered',
    contents: lines('No run matches the filter.', link('Clear Filter', 'mmoe.clearRunFilter')),
  },
];

export const taskDefinition = {
  type: taskType,
  required: ['experiment'],
  properties: {
    experiment: {
      type: 'string',
      description: 'The experiment file (*.mmoe.json), relative to the workspace folder.',
    },
    set: {
      type: 'array',
      items: { type: 'string' },
      description: 'Settings that differ from the file, such as "model.variant=omoe".',
    },
  },
} as const;

/** Matches the lines that the program prints: `error: what is wrong, what to do (file:line:column)`. */
export const problemMatcher = {
  name: 'mmoe',
  owner: 'mmoe',
  source: 'MMoE',
  fileLocation: ['autoDetect', '${workspaceFolder}'],
  pattern: { regexp: '^error: (.*) \\((.+?):(\\d+):(\\d+)\\)$', message: 1, file: 2, line: 3, column: 4 },
} as const;
