import { expertOf, only, taskStreams, type BuildVariant } from './building-blocks.js';

/**
 * Builds a network per task that shares nothing: task k's tower reads expert k alone, named like the task.
 */
export const singleTask: BuildVariant = (model, tasks) => ({
  levels: [
    {
      experts: tasks.map(({ name }) => ({ ...expertOf(model, 0), name })),
      gates: [],
      streams: taskStreams(tasks, (task) => only(task, tasks.length)),
    },
  ],
});
