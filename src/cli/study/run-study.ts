import { availableParallelism } from 'node:os';
import type { StudyLine } from '../../shared/study/line.js';
import type { Study } from '../../study/load-study.js';
import { readStudyLines, StudyWriter, type StudyPaths } from '../../study/store.js';
import { onStopSignal } from '../training/stop-signals.js';
import { trainStudy, type Trained } from './train-study.js';
import type { StudyView } from './study-view.js';

/**
 * Trains what is missing of a study, and keeps each training as a line of its folder. Returns the results of its
 * combinations; null: somebody has asked it to stop.
 */
export async function runStudy(
  study: Study,
  paths: StudyPaths,
  view: StudyView,
  parallel: number = availableParallelism(),
): Promise<Trained[] | null> {
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  const writer = await StudyWriter.open(paths);
  try {
    const lines = new Map((await readStudyLines(paths)).map((line): [string, StudyLine] => [line.key, line]));
    return await trainStudy({ study, lines, writer, view, parallel, stop: stop.signal });
  } finally {
    view.clear();
    writer.close();
  }
}
