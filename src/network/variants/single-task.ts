import { expertsOf, only, taskStreams, type Variant } from './settings.js';

/** One network per task that shares nothing: task k's tower reads expert k alone. */
export const singleTask: Variant = (settings, tasks) => ({
  levels: [{ experts: expertsOf(settings, tasks.length), gates: [], streams: taskStreams(tasks, (task) => only(task, tasks.length)) }],
});
