import * as v from 'valibot';
import { InputError } from '../../shared/errors.js';
import { describeInputError } from '../failure.js';
import { requestSchema, type Answer } from './messages.js';
import { LineTrainer } from './train-line.js';

/** Trains the runs of studies that its parent asks for, one after the other, until the parent is gone. */
export function serveStudy(): void {
  if (process.send === undefined)
    throw new InputError('study.internal', 'mmoe study starts this itself; use mmoe study');
  const trainer = new LineTrainer();
  const answer = (message: Answer): void => void process.send?.(message);
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    trainer.train(v.parse(requestSchema, message)).then(
      (line) => answer({ is: 'line', line }),
      (error: unknown) => {
        if (!(error instanceof InputError)) throw error;
        answer({ is: 'refused', code: error.code, message: describeInputError(error) });
      },
    );
  });
  answer({ is: 'ready' });
}
