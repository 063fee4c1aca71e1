import { expect, it } from 'vitest';
import { StudyView } from './study-view.js';

/** Stands in for a file that the program prints to. */
function printed() {
  const lines: string[] = [];
  let now = 0;
  const output = {
    ...{ isTerminal: false, colour: false, width: 80 },
    write: () => undefined,
    steer: () => undefined,
    line: (text = '') => lines.push(text),
  };
  return { view: new StudyView(output, () => now), lines, wait: () => (now += 60_000) };
}

it('says how far a study is, and only the number of runs where there are more than were expected', () => {
  const { view, lines, wait } = printed();
  view.begin(2);
  for (let run = 0; run < 3; run++) {
    wait();
    view.ended('mmoe');
  }
  view.begin(0);
  wait();
  view.ended('mmoe');
  expect(lines).toEqual(['1 of 2 runs, about 1:00 left', '2 of 2 runs', '3 runs', '1 run']);
});
