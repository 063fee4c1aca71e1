import {
  commands,
  comparePage,
  keybindings,
  notesScheme,
  onRunPage,
  predictionsPage,
  problemMatcher,
  runEditor,
  runScheme,
  runsTablePage,
  studyEditor,
  selectionArgument,
  taskDefinition,
  tryRowPage,
  views,
  viewsWelcome,
  type CommandContribution,
  type ViewId,
} from './contributions.js';
import { menus } from './menus-table.js';
import { settings } from './settings-table.js';
import { walkthrough } from './walkthrough-table.js';

/**
 * The parts of package.json that follow from the tables, and the English texts that package.nls.json holds.
 */
export interface ManifestShare {
  readonly contributes: Record<string, unknown>;
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: Record<string, unknown>;
  readonly texts: Record<string, string>;
}

const containerId = 'mmoe';
const category = 'MMoE';

export function manifestShare(): ManifestShare {
  const texts: Record<string, string> = {};
  /** Keeps a text, and returns the placeholder for it in package.json. */
  const text = (key: string, english: string): string => {
    if (texts[key] !== undefined && texts[key] !== english) throw new Error(`two texts have the key ${key}`);
    texts[key] = english;
    return `%${key}%`;
  };
  const tail = (id: string): string => id.replace(/^mmoe\./, '');
  const commandEntries: [string, CommandContribution][] = Object.entries(commands);
  const contributes = {
    commands: commandEntries.map(([id, command]) => ({
      command: id,
      title: text(`command.${tail(id)}`, command.title),
      category,
      ...(command.icon === undefined ? {} : { icon: `$(${command.icon})` }),
      ...(command.enablement === undefined ? {} : { enablement: command.enablement }),
    })),
    menus: {
      commandPalette: commandEntries
        .filter(([, command]) => command.palette === false)
        .map(([id]) => ({ command: id, when: 'false' })),
      ...menus,
    },
    keybindings: keybindings.flatMap(({ command, where, ...keys }): object[] => {
      if (where === 'run page') return [{ command, ...keys, when: onRunPage }];
      const view: ViewId = where === 'studies' ? 'mmoe.studies' : 'mmoe.runs';
      const when = `focusedView == ${view} && !inputFocus`;
      return [
        {
          ...{ command: 'runCommands', ...keys },
          when: `${when} && !listMultiSelection`,
          args: { commands: ['list.selectAndPreserveFocus', { command, args: selectionArgument }] },
        },
        ...(where === 'runs'
          ? [{ command, ...keys, when: `${when} && listMultiSelection`, args: selectionArgument }]
          : []),
      ];
    }),
    viewsContainers: { activitybar: [{ id: containerId, title: category, icon: 'media/icon.svg' }] },
    views: {
      [containerId]: Object.entries(views).map(([id, view]) => ({
        id,
        name: text(`view.${tail(id)}`, view.name),
        icon: view.icon,
        initialSize: view.size,
        ...('when' in view && { when: view.when }),
        contextualTitle: category,
      })),
    },
    viewsWelcome: viewsWelcome.map(({ id, view, contents, when }) => ({
      view,
      contents: text(`welcome.${id}`, contents),
      when,
    })),
    customEditors: Object.entries({ runEditor, studyEditor }).map(([name, editor]) => ({
      viewType: editor.viewType,
      displayName: text(name, editor.displayName),
      selector: [
        { filenamePattern: editor.pattern },
        ...(editor === runEditor ? [{ filenamePattern: `${runScheme}:/**` }] : []),
      ],
      priority: 'default',
    })),
    configuration: {
      title: category,
      properties: Object.fromEntries(
        Object.entries(settings).map(([id, setting], order) => [
          id,
          {
            ...setting,
            order,
            markdownDescription: text(`setting.${tail(id)}`, setting.markdownDescription),
          },
        ]),
      ),
    },
    // Until the page of a run has told its name, its tab shows the id of the run instead of "run.json".
    configurationDefaults: {
      'workbench.editor.customLabels.patterns': {
        [runEditor.pattern]: '${dirname}',
        [studyEditor.pattern]: '${dirname}',
      },
      // Quick open and search are for what people write. `files.exclude` would hide runs from the extension, too.
      'search.exclude': {
        '**/.mmoe/runs/**': true,
        '**/.mmoe/trash/**': true,
        '**/.mmoe/trash-studies/**': true,
        '**/.mmoe/studies/**': true,
      },
    },
    languages: [{ id: 'jsonc', filenamePatterns: ['*.mmoe.json', '*.study.json'] }],
    jsonValidation: [
      { fileMatch: '*.mmoe.json', url: './dist/schemas/experiment.schema.json' },
      { fileMatch: '*.study.json', url: './dist/schemas/study.schema.json' },
    ],
    taskDefinitions: [
      {
        ...taskDefinition,
        properties: Object.fromEntries(
          Object.entries(taskDefinition.properties).map(([name, property]) => [
            name,
            { ...property, description: text(`task.${name}`, property.description) },
          ]),
        ),
      },
    ],
    problemMatchers: [problemMatcher],
    walkthroughs: [
      {
        id: walkthrough.id,
        title: text('walkthrough.title', walkthrough.title),
        description: text('walkthrough.description', walkthrough.description),
        steps: walkthrough.steps.map((step) => ({
          id: step.id,
          title: text(`walkthrough.${step.id}.title`, step.title),
          description: text(`walkthrough.${step.id}.description`, step.description),
          media:
            'image' in step
              ? {
                  svg: `media/walkthrough/${step.image}`,
                  altText: text(`walkthrough.${step.id}.altText`, step.altText),
                }
              : { markdown: `media/walkthrough/${step.markdown}` },
          completionEvents: step.completionEvents,
        })),
      },
    ],
  };
  return {
    contributes,
    // Views, commands, tasks and editors activate the extension by themselves. These events are for language
    // features, notes, terminals and restored tabs.
    activationEvents: [
      'workspaceContains:**/*.mmoe.json',
      'workspaceContains:**/*.study.json',
      'workspaceContains:.mmoe',
      `onFileSystem:${notesScheme}`,
      `onFileSystem:${runScheme}`,
      'onWalkthrough:start',
      `onWebviewPanel:${comparePage.viewType}`,
      `onWebviewPanel:${runsTablePage.viewType}`,
      `onWebviewPanel:${predictionsPage.viewType}`,
      `onWebviewPanel:${tryRowPage.viewType}`,
    ],
    extensionKind: ['workspace'],
    capabilities: {
      untrustedWorkspaces: {
        supported: 'limited',
        description: text(
          'untrusted',
          'Runs can be looked at; nothing is trained or changed before the folder is trusted.',
        ),
        restrictedConfigurations: ['mmoe.training.node'],
      },
      virtualWorkspaces: {
        supported: false,
        description: text(
          'virtual',
          'The trainer reads tables from disk, so the workspace must be a real folder.',
        ),
      },
    },
    texts,
  };
}
