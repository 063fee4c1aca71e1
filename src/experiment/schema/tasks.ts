import * as v from 'valibot';
import { taskKinds } from '../../shared/task-kinds.js';
import { amount, described, option, setting, text } from './setting.js';

export const taskSchema = v.strictObject({
  name: option(text, 'The name of the task. Default: the label.'),
  label: described(text, 'A column or an SQL expression.'),
  kind: option(v.picklist(taskKinds), 'The kind of the task; inferred from the label where it is left out.'),
  lossWeight: setting(amount, 1, 'The factor of this task’s loss in the sum.'),
  scale: option(
    v.picklist(['standard', 'none']),
    'How a regression label is scaled in training; metrics are in the label’s own units. Default: standard.',
  ),
});
