/** A setting of the extension. The type of its value follows from `default`. */
export interface SettingContribution {
  readonly type: 'boolean' | 'string';
  readonly default: boolean | string;
  readonly scope: 'window' | 'resource' | 'machine';
  readonly markdownDescription: string;
}

export const settings = {
  'mmoe.openRunOnTrain': {
    type: 'boolean',
    default: true,
    scope: 'window',
    markdownDescription: 'Open the run’s charts as soon as its training starts.',
  },
  'mmoe.notifyWhenRunEnds': {
    type: 'boolean',
    default: true,
    scope: 'window',
    markdownDescription:
      'Show a notification when a run that was started from this workspace has finished or was ' +
      'interrupted. Runs that are being looked at are not announced. A training that fails is always ' +
      'reported.',
  },
  'mmoe.training.stopOnClose': {
    type: 'boolean',
    default: false,
    scope: 'window',
    markdownDescription:
      'Stop the runs that were started in a window when that window is closed or reloaded. They keep a ' +
      'checkpoint and can be resumed. If this is off, training goes on without the editor, and its run is ' +
      'found again in the **Runs** view.',
  },
  'mmoe.training.node': {
    type: 'string',
    default: '',
    scope: 'machine',
    markdownDescription:
      'Absolute path of the Node.js program (version 20 or later) that runs the trainer, or its name on the PATH. ' +
      'If it is empty, the editor’s own is used.',
  },
} as const satisfies Record<string, SettingContribution>;

export type SettingId = keyof typeof settings;
type Widened<T> = T extends boolean ? boolean : string;
export type SettingValue<Id extends SettingId> = Widened<(typeof settings)[Id]['default']>;
