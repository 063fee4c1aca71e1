/**
 * `npm run audit`: asks the registry that npm is set to for known holes in what the lock file names. No part of
 * `npm test`: the answer depends on the day, and many registries do not answer. Ends with 1 where there are
 * holes, with 2 where nobody has looked.
 */
import { spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

const { stdout, stderr, error } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
});
/** @type {{ metadata?: { vulnerabilities?: Record<string, number> }, vulnerabilities?: Record<string, { severity: string, range: string }>, message?: string }} */
let report = {};
try {
  report = JSON.parse(stdout);
} catch {
  // Said below.
}
const counts = report.metadata?.vulnerabilities;
if (counts === undefined) {
  const why = report.message ?? error?.message ?? stderr.trim().split('\n')[0] ?? '';
  console.error(`error: the registry has not answered, so nobody has looked${why === '' ? '' : `: ${why}`}`);
  process.exitCode = 2;
} else {
  for (const [name, { severity, range }] of Object.entries(report.vulnerabilities ?? {}))
    console.log(`${severity}: ${name} ${range}`);
  console.log(counts['total'] === 0 ? 'no known holes' : `${counts['total']} packages have known holes`);
  process.exitCode = counts['total'] === 0 ? 0 : 1;
}
