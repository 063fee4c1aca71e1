import * as v from 'valibot';
import { bands } from '../../../src/shared/study/figures/curves.js';
import { distributionKinds } from '../../../src/shared/study/figures/distribution.js';
import { gateKinds } from '../../../src/shared/study/figures/gates.js';
import { stateChooser } from '../../ui/page/page-events.js';
import { commonChoices, restoreFields } from '../../ui/page/page-state.js';

/** How much settings matter, or what the measure is at their values. */
export const importanceKinds = ['importance', 'dependence'] as const;

/** The choices made on the study page, which survive hiding and reloading. */
const studyPageStateSchema = v.object({
  /** A task's name; `*`: the mean over all; null: nothing is chosen. */
  task: v.fallback(v.nullable(v.string()), null),
  /** Null: the metric that the task is judged by. */
  metric: v.fallback(v.nullable(v.string()), null),
  rows: v.fallback(v.picklist(['validation', 'train']), 'validation'),
  band: v.fallback(v.picklist(bands), 'sd'),
  distribution: v.fallback(v.picklist(distributionKinds), 'runs'),
  importance: v.fallback(v.picklist(importanceKinds), 'importance'),
  gates: v.fallback(v.picklist(gateKinds), 'mean'),
  /** The figure or table of the paper that is looked at; null: nothing is chosen. */
  paper: v.fallback(v.nullable(v.string()), null),
  paperPart: v.fallback(v.nullable(v.string()), null),
  /** What results are compared with: setting and value as JSON; null: nothing is chosen. */
  baseline: v.fallback(v.nullable(v.string()), null),
  /** The tasks that are shown against each other; null: the first two. */
  across: v.fallback(v.nullable(v.string()), null),
  up: v.fallback(v.nullable(v.string()), null),
  /** The path of the setting that is looked at; `*`: all of them; null: nothing is chosen. */
  setting: v.fallback(v.nullable(v.string()), null),
  /** What trainings are left out by, as shares of axes. */
  brushes: v.fallback(v.array(v.object({ axis: v.string(), from: v.number(), to: v.number() })), []),
  /** The key of the training that is looked at. */
  picked: v.fallback(v.nullable(v.string()), null),
  ...commonChoices,
});
export type StudyPageState = v.InferOutput<typeof studyPageStateSchema>;

/** Reads the state that the host has kept, whatever it is. */
export const restoreStudyPageState = (saved: unknown): StudyPageState =>
  restoreFields(studyPageStateSchema, saved);

/** Asks the study page, from one of its parts, to remember what a person has chosen there. */
export const chooseOnStudyPage = stateChooser<StudyPageState>();
