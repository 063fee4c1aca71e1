import { expertOf, only, taskStreams, type Variant } from './model-settings.js';

/** One network per task that shares nothing: task k's tower reads expert k, called as the task, alone. */
export const singleTask: Variant = (settings, tasks) => ({
  levels: [
    {
      experts: tasks.map(({ name }) => ({ ...expertOf(settings, 0), name })),
      gates: [],
      streams: taskStreams(tasks, (task) => only(task, tasks.length)),
    },
  ],
});
