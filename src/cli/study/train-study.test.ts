import { expect, it } from 'vitest';
import { InputError, WorkError } from '../../shared/errors.js';
import type { StudyLine } from '../../shared/study/line.js';
import type { LineRequest } from '../trainers/messages.js';
import type { LineOutcome } from '../trainers/trainer.js';
import { lineOf } from './train-study.js';

const request: LineRequest = {
  base: { path: '/nowhere/x.mmoe.json', text: '{}' },
  run: { key: 'a', settings: {}, seed: 1, isTrial: false, sets: [] },
};
const line = { key: 'a' } as StudyLine;
const died: LineOutcome = { lost: { code: null, how: 'SIGKILL' } };

/** A lane whose trainers do this, one after the other. */
function lane(...outcomes: (LineOutcome | Error)[]) {
  const asked: LineRequest[] = [];
  const trainer = () => ({
    line: (order: LineRequest): Promise<LineOutcome> => {
      const outcome = outcomes[asked.push(order) - 1]!;
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
  });
  return { asked, trainer };
}

it('a line whose trainer has died is tried once more, and the study ends where that dies, too', async () => {
  const once = lane(died, { line });
  expect(await lineOf(request, once, { isOver: false })).toBe(line);
  expect(once.asked).toEqual([request, request]);
  const twice = lineOf(request, lane(died, died), { isOver: false });
  await expect(twice).rejects.toBeInstanceOf(WorkError);
  await expect(twice).rejects.toThrow(
    'a process that trains the study has ended: SIGKILL; begin the study again, and it goes on',
  );
});

it('a line is not tried again where the study was stopped, or where it is refused', async () => {
  const stopped = lane(died);
  expect(await lineOf(request, stopped, { isOver: true })).toBeNull();
  const refused = lane(new InputError('data.source', 'there is no such table'));
  await expect(lineOf(request, refused, { isOver: false })).rejects.toThrow('no such table');
  expect([stopped.asked.length, refused.asked.length]).toEqual([1, 1]);
});
