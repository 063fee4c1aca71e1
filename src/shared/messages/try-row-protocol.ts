import * as v from 'valibot';
import { rowAnswerSchema, rowRequestSchema } from '../prediction/row-messages.js';
import { runManifestSchema } from '../run/run-manifest.js';
import { pageMessages } from './page-messages.js';

/**
 * Messages between the host and the page on which a row is tried. The page says `ready`, is told of the run and
 * of what the process that predicts has said of itself, and asks that process by way of the host.
 */

export const tryRowPageToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('ask'), request: rowRequestSchema }),
  /** Start the process again that predicts. */
  v.object({ type: v.literal('restart') }),
  v.object({ type: v.literal('openRun') }),
  ...pageMessages,
]);
export type TryRowPageToHost = v.InferOutput<typeof tryRowPageToHostSchema>;

const triedRunSchema = v.object({
  /** The run's folder, which the page keeps: the host finds the run by it when the window is reloaded. */
  folder: v.string(),
  name: v.string(),
  ...v.pick(runManifestSchema, ['tasks', 'network']).entries,
  /** The epoch whose weights predict; null: not known. */
  epoch: v.nullable(v.number()),
  members: v.number(),
});
export type TriedRun = v.InferOutput<typeof triedRunSchema>;

export const hostToTryRowPageSchema = v.variant('type', [
  v.object({ type: v.literal('run'), run: triedRunSchema }),
  v.object({ type: v.literal('answer'), answer: rowAnswerSchema }),
  /** The process has ended, and why. */
  v.object({ type: v.literal('ended'), why: v.string() }),
]);
export type HostToTryRowPage = v.InferOutput<typeof hostToTryRowPageSchema>;
