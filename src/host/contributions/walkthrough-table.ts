/** The walkthrough “Get Started with MMoE”. Its longer texts are in media/walkthrough/. */
export const walkthrough = {
  id: 'start',
  title: 'Get Started with MMoE',
  description: 'Train one model on several tasks, and see what each expert and gate does.',
  steps: [
    {
      id: 'experiment',
      title: 'Make an experiment',
      description:
        'An experiment is a file that names the data, the tasks, the model and the training. Make ' +
        'one from a table of yours, or start with a sample.\n' +
        '[Create Sample Files…](command:mmoe.createSample)\n' +
        '[New Experiment from Data…](command:mmoe.newExperiment)',
      image: 'experiment.svg',
      altText: 'An experiment file beside a table whose columns become inputs and tasks',
      completionEvents: ['onCommand:mmoe.createSample', 'onCommand:mmoe.newExperiment'],
    },
    {
      id: 'train',
      title: 'Train it',
      description:
        'Training runs in a program of its own: the editor stays quick, and closing the window ends ' +
        'no run. The same program is the ``mmoe`` command in the editor’s terminals.\n' +
        '[Train…](command:mmoe.train)',
      markdown: 'train.md',
      completionEvents: ['onCommand:mmoe.train'],
    },
    {
      id: 'watch',
      title: 'Watch experts and gates',
      description:
        'A run’s page shows each task’s metrics, the curves, and who uses which expert, live. Runs ' +
        'from a terminal or another window show up as well.\n' +
        '[Open a Run…](command:mmoe.openRun)',
      image: 'watch.svg',
      altText: 'Tasks above, experts below; lines between them are as wide as the gate’s weights',
      completionEvents: ['onCommand:mmoe.openRun'],
    },
    {
      id: 'compare',
      title: 'Compare the variants',
      description:
        'Does sharing help? Train the same tasks with one network per task, with a shared bottom, ' +
        'with one gate, with a gate per task and more, and see them side by side.\n' +
        '[Train All Variants](command:mmoe.trainAllVariants)\n' +
        '[Compare Runs](command:mmoe.compareRuns)',
      markdown: 'compare.md',
      completionEvents: ['onCommand:mmoe.trainAllVariants', 'onCommand:mmoe.compareRuns'],
    },
  ],
} as const;
