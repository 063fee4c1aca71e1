import { formatMetric } from '../../shared/numbers.js';
import { lastOf, shownValue } from '../../shared/study/settings.js';
import { metricLabel } from '../../shared/task-kinds.js';
import { formatTable } from '../terminal/table.js';
import type { Candidate, Tuned } from './tuning.js';

/** What tuning has found: the winner of each combination, or the front where there are several objectives. */
export function tuningReport(all: readonly Tuned[]): string[] {
  const [first] = all;
  if (first === undefined) return [];
  const given = Object.keys(first.combination);
  const chosen = [...new Set(all.flatMap(({ front }) => front.flatMap((one) => Object.keys(one.chosen))))];
  const { objectives } = all.find(({ winner }) => winner !== null) ?? first;
  const isFront = objectives.length > 1;
  const header = [
    ...given.map(lastOf),
    'trials',
    ...chosen.map(lastOf),
    ...objectives.map(({ task, metric }) => `${task}, validation ${metricLabel(metric)}`),
    ...(isFront ? ['trained further'] : []),
  ];
  const rowOf = (tuned: Tuned, one: Candidate): string[] => [
    ...given.map((path) => shownValue(tuned.combination[path])),
    countsOf(tuned),
    ...chosen.map((path) => (path in one.chosen ? shownValue(one.chosen[path]) : '')),
    ...one.believed.map((value, i) => `${formatMetric(value)} (found ${formatMetric(one.found[i])})`),
    ...(isFront ? [one === winnerOf(tuned) ? 'yes' : ''] : []),
  ];
  const rows = all.flatMap((tuned) =>
    tuned.front.length === 0
      ? [[...given.map((path) => shownValue(tuned.combination[path])), countsOf(tuned)]]
      : tuned.front.map((one) => rowOf(tuned, one)),
  );
  return [
    isFront ? 'Tuned: settings that no other is believed to be better than in every objective' : 'Tuned:',
    ...formatTable(header, rows, given.length),
    'metrics: as believed from all trials, which luck moves less than what the trial itself has found (in brackets).',
  ];
}

/** Returns the candidate of the front that has won. */
const winnerOf = ({ winner, front }: Tuned): Candidate | undefined =>
  front.find(({ chosen }) => JSON.stringify(chosen) === JSON.stringify(winner?.chosen));

function countsOf({ trials, failed, stopped }: Tuned): string {
  const more = [
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(stopped > 0 ? [`${stopped} stopped early`] : []),
  ];
  return more.length === 0 ? String(trials) : `${trials} (${more.join(', ')})`;
}
