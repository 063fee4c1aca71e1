import type { RunAction } from '../../shared/messages/run-protocol.js';
import type { CommandId } from '../contributions/contributions.js';

/** Returns the command of a button of the run page. */
export function commandOfAction(action: RunAction, starred: boolean): CommandId {
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
    case 'rename':
    case 'editNotes':
    case 'delete':
    case 'openExperiment':
    case 'openLog':
      return `mmoe.${action}`;
  }
}
