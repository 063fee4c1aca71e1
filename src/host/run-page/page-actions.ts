import type { RunAction } from '../../shared/messages/run-protocol.js';
import type { CommandId } from '../contributions/contributions.js';

/** Actions that are commands; the rest the page's host does itself. */
export type CommandAction = Exclude<RunAction, 'compareSettings'>;

/** Returns the command of a button of the run page. */
export function commandOfAction(action: CommandAction, starred: boolean): CommandId {
  switch (action) {
    case 'star':
      return starred ? 'mmoe.unstar' : 'mmoe.star';
    case 'compare':
      return 'mmoe.compareRuns';
    case 'openFolder':
      return 'mmoe.openRunFolder';
    case 'stop':
    case 'resume':
    case 'runAgain':
    case 'predict':
    case 'tryRow':
    case 'rename':
    case 'editNotes':
    case 'delete':
    case 'openExperiment':
    case 'openLog':
      return `mmoe.${action}`;
  }
}
