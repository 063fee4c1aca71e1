import type { StudyAction } from '../../shared/messages/study-protocol.js';
import type { CommandId } from '../contributions/contributions.js';

/** The command that each action of the study page stands for; its argument is the study's folder. */
export const commandOfStudyAction = {
  stop: 'mmoe.stopStudy',
  goOn: 'mmoe.goOnStudy',
  rename: 'mmoe.renameStudy',
  editNotes: 'mmoe.editStudyNotes',
  openFile: 'mmoe.openStudyFile',
  openFolder: 'mmoe.openStudyFolder',
  delete: 'mmoe.deleteStudy',
} as const satisfies Record<StudyAction, CommandId>;
