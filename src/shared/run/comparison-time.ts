/** Returns the seconds until all runs have ended, where each begins in the lane that is free first. */
export function secondsInLanes(runs: readonly number[], lanes: number): number {
  const until = new Array<number>(Math.max(1, lanes)).fill(0);
  for (const seconds of runs) {
    const free = until.indexOf(Math.min(...until));
    until[free]! += seconds;
  }
  return Math.max(...until);
}
