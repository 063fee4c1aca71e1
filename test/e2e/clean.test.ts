import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setStage, type Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({});
});
afterAll(() => stage.close());

it('plays without a network', async ({ skip }) => {
  if (process.env['MMOE_OFFLINE'] !== '1')
    skip('this machine does not let a program have a network of its own');
  expect(
    Object.values(networkInterfaces())
      .flat()
      .every((one) => one?.internal ?? true),
  ).toBe(true);
  await expect(lookup('example.org')).rejects.toThrow();
  const page = await stage.open();
  await page.locator('.activitybar .action-item a[aria-label^="MMoE"]').waitFor();
});
