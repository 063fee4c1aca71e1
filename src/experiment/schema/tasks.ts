import * as v from 'valibot';
import { taskKinds } from '../../shared/task-kinds.js';
import { amount, described, option, setting, share, text } from './setting.js';

const teacherSchema = v.union([
  described(
    text,
    'A column or an SQL expression: a model’s prediction for each row, a probability of the positive value ' +
      'or a value in the label’s units. It and the label count half each.',
  ),
  v.strictObject({
    value: described(text, 'A column or an SQL expression: a model’s prediction for each row.'),
    weight: setting(
      share,
      0.5,
      'The share of what the model predicts in what a training row is taught: (1 − weight) · label + weight · value.',
    ),
  }),
]);

export const taskSchema = v.strictObject({
  name: option(text, 'The name of the task. Default: the label.'),
  label: described(
    text,
    'A column or an SQL expression. A row whose label is missing trains the other tasks only.',
  ),
  kind: option(v.picklist(taskKinds), 'The kind of the task; inferred from the label where it is left out.'),
  positive: option(
    v.union([v.string(), v.number(), v.boolean()]),
    'Of a binary task: the label’s value whose probability is predicted. ' +
      'Default: the larger number, true, or the later text.',
  ),
  teacher: option(
    teacherSchema,
    'Predictions of another model for the training rows, mixed into what they are taught (Hinton et al. 2015). A row ' +
      'without a label is taught the prediction alone, one without a prediction the label. Metrics count labels only.',
  ),
  lossWeight: setting(amount, 1, 'The factor of this task’s loss in the sum.'),
  scale: option(
    v.picklist(['standard', 'none']),
    'How a regression label is scaled in training; metrics are in the label’s own units. Default: standard.',
  ),
  limit: option(
    v.union([v.literal('none'), amount]),
    'For a regression: how far a prediction may lie outside the range of the training labels, as a share of ' +
      'that range; 0: not at all. Default: none, and 0 with "defaults": 2.',
  ),
});
