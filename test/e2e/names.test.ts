import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { eventually, untilItWorks } from '../eventually.mjs';
import { runCommand } from '../real-host/quick-input.mjs';
import { openContainer, webview } from '../real-host/workbench.mjs';
import { meetNotification } from './notifications.js';
import { fromMenu, manifest, openRun, runIds, runRow, runsPane } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

/** What people's names contain is text: no link, no icon, no line of its own, no command. */

const tricks =
  '[text](https://example.invalid) https://example.invalid $(bug) <b>bold</b> ' +
  '[run](command:workbench.action.showCommands)';
/** As it may stand in a file: with line breaks, an escape, a turn of direction, and a bell. */
const wild = (name: string): string => `${name} ${tricks}\n\n# heading\n\u001b[31m\u202eturned\u0007`;
/** In labels, a blank keeps a link from being one. */
const asText = /\[text\] ?\(https:\/\/example\.invalid\)/;
const name = 'run';

const header = ['price', wild('column'), wild('label')].map((text) => `"${text}"`).join(',');
const table = Array.from({ length: 200 }, (_, row) => `${row * 0.5},${(row * 7) % 13}.5,${row % 2}`);
const experiment = {
  data: { source: 'table.csv' },
  tasks: [{ name: wild('task'), label: wild('label') }],
  training: { epochs: 2 },
};

let stage: Stage;
let page: Page;
let id: string;

beforeAll(async () => {
  stage = await setStage({
    'table.csv': `${[header, ...table].join('\n')}\n`,
    'x.mmoe.json': JSON.stringify(experiment),
  });
  stage.terminal('train', 'x.mmoe.json');
  id = await eventually('a run that has finished', async () => {
    const [only] = await runIds(stage.workspace);
    if (only === undefined) return false;
    return (await manifest(stage.workspace, only).catch(() => null))?.status === 'finished' && only;
  });
  const path = join(runsFolderFor(stage.workspace), id, 'run.json');
  const run = JSON.parse(await readFile(path, 'utf8')) as object;
  const named = { name: wild(name), notes: wild('notes'), tags: [wild('tag'), 'other'] };
  await writeFile(path, JSON.stringify({ ...run, ...named }));
  page = await stage.open();
  await openContainer(page, 'MMoE');
  await runRow(page, name).waitFor();
});
afterAll(() => stage.close());

/** Holds that what is shown has the tricks as they are written, and nothing that they could have become. */
async function expectText(shown: Locator): Promise<void> {
  expect(await shown.innerText()).toMatch(asText);
  for (const wrong of ['a[href]', '[data-href]', '.codicon-bug', 'b:has-text("bold")', 'h1', 'h2'])
    expect(await shown.locator(wrong).evaluateAll((found) => found.map((one) => one.outerHTML))).toEqual([]);
}

describe('a run, a task and columns with names that could be links, icons and commands', () => {
  it('are text in a row of the tree, and in its tooltip', async () => {
    const row = runRow(page, name);
    await expectText(row);
    expect(await runsPane(page).locator('.monaco-list-row').filter({ hasText: 'heading' }).count()).toBe(1);
    const hover = page.locator('.monaco-hover:visible').last();
    await untilItWorks('the tooltip', async (timeout) => {
      await page.mouse.move(0, 0);
      await row.hover({ timeout });
      await hover.getByText('# heading').first().waitFor({ timeout });
    });
    await expectText(hover);
    expect(await hover.innerText()).toContain('notes [text]');
    expect(await hover.innerText()).toContain('tag [text]');
  });

  it('are text on the page of the run', async () => {
    await openRun(page, { name });
    const body = webview(page).locator('body');
    await body.getByText('task [text](https://example.invalid)').first().waitFor();
    expect(await body.locator('a[href*="example.invalid"], a[href^="command:"]').count()).toBe(0);
    expect(await body.locator('b', { hasText: 'bold' }).count()).toBe(0);
  });

  it('are text in a message, and in a list to pick from', async () => {
    await fromMenu(page, runRow(page, name), 'Delete Run');
    await meetNotification(page, asText, async (message) =>
      expectText(message.locator('.notification-list-item-message')),
    );
    await runCommand(page, 'MMoE: Restore Deleted Run…');
    const picked = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name }).first();
    await picked.waitFor();
    await expectText(picked);
  });
});
