import { appendFileSync } from 'node:fs';

/** A measurement for whoever reads the output of the tests; nothing fails by it. */
export function note(text: string): void {
  const report = process.env['MMOE_HOST_REPORT'];
  if (report !== undefined) appendFileSync(`${report}.notes`, `${text}\n`);
}
