import * as v from 'valibot';
import { studyRecordSchema, studyStatuses } from '../study/record.js';
import { pageMessages } from './page-messages.js';

/**
 * Messages between the host and the study page. Both ends parse; a bad message is logged and dropped. The page says
 * `ready` and is given everything; then the lines that come. Lines cross as they stand in runs.jsonl: the host does not
 * read them, the page does.
 */

export const studyActions = [
  'stop',
  'goOn',
  'rename',
  'editNotes',
  'openFile',
  'openFolder',
  'delete',
] as const;
export type StudyAction = (typeof studyActions)[number];

export const studyPageToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('action'), action: v.picklist(studyActions) }),
  /** Train a line again as a run with everything, if it is none yet. `key`: the line's; `run`: the id of its run. */
  v.object({ type: v.literal('openAsRun'), key: v.string(), run: v.nullable(v.string()) }),
  ...pageMessages,
]);
export type StudyPageToHost = v.InferOutput<typeof studyPageToHostSchema>;

const state = {
  record: studyRecordSchema,
  /** What a person has written about it. */
  notes: v.string(),
  status: v.picklist(studyStatuses),
  /** False in an untrusted workspace: look, do not train. */
  canTrain: v.boolean(),
  lines: v.array(v.string()),
};

export const hostToStudyPageSchema = v.variant('type', [
  /** The study; the page starts afresh. */
  v.object({ type: v.literal('study'), ...state }),
  /** What has changed since; lines continue after those sent. */
  v.object({ type: v.literal('update'), ...state }),
  v.object({ type: v.literal('gone'), reason: v.string() }),
]);
export type HostToStudyPage = v.InferOutput<typeof hostToStudyPageSchema>;
