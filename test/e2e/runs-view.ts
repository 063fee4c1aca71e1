import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import * as v from 'valibot';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { runManifestSchema, type RunManifest } from '../../src/shared/run/run-manifest.js';
import { experimentOfRun } from '../../src/shared/names.js';
import { isDefaultName } from '../../src/shared/settings/run-names.js';
import { runEventSchema, type RunEvent } from '../../src/shared/run/run-events.js';
import { untilItWorks } from '../eventually.mjs';
import { runIdsIn } from '../run-ids.js';
import { openContainer } from '../real-host/workbench.mjs';

/** Finds a row of the Runs view by words in it. */
export function runRow(page: Page, words: string | RegExp): Locator {
  return pane(page, 'Runs').locator('.monaco-list-row').filter({ hasText: words }).first();
}

export function experimentRow(page: Page, words: string | RegExp): Locator {
  return pane(page, 'Experiments').locator('.monaco-list-row').filter({ hasText: words }).first();
}

export const runsPane = (page: Page): Locator => pane(page, 'Runs');

function pane(page: Page, title: string): Locator {
  return page.locator('.pane').filter({ has: page.locator('.pane-header', { hasText: title }) });
}

/** Returns how the editor begins what it calls a run: a name that a person has given, or experiment and variant. */
export function shownName(run: RunManifest): string {
  const variant = run.network?.variant ?? '';
  const experiment = experimentOfRun(run);
  return isDefaultName(run) && experiment !== null ? `${experiment} · ${variant}` : run.name;
}

/** Clicks a run in the Runs view, and waits until its tab is in front. */
export async function openRun(page: Page, run: RunManifest | { readonly name: string }): Promise<void> {
  const name = 'id' in run ? shownName(run) : run.name;
  await openContainer(page, 'MMoE');
  const row = pane(page, 'Runs')
    .locator(`.monaco-list-row[aria-label^=${JSON.stringify(name)}]`)
    .first();
  await untilItWorks(`the charts of ${name}`, async (timeout) => {
    await row.click({ timeout });
    await page.locator('.tab.active').filter({ hasText: name }).waitFor({ timeout });
  });
}

/** Right-clicks and takes an entry of the menu; a window that has just opened may not know it yet. */
export async function fromMenu(page: Page, target: Locator, entry: string): Promise<void> {
  const menu = page.locator('.monaco-menu');
  const items = menu.locator('.action-item:not(.disabled)').filter({ hasText: entry });
  await untilItWorks(`${entry} in the menu`, async (timeout) => {
    if (await menu.first().isVisible()) await page.keyboard.press('Escape');
    await menu.first().waitFor({ state: 'hidden', timeout });
    await target.click({ button: 'right', timeout });
    // A menu that has just opened may swallow a click; the item that the mouse is over has the focus, and
    // takes the key.
    await items.first().hover({ timeout });
    await items.and(page.locator('.focused')).first().waitFor({ timeout });
  });
  await page.keyboard.press('Enter');
  await menu.first().waitFor({ state: 'hidden' });
}

/** Returns the ids of all runs, the newest last. */
export function runIds(workspace: string): Promise<string[]> {
  return runIdsIn(runsFolderFor(workspace));
}

export async function manifest(workspace: string, id: string): Promise<RunManifest> {
  return v.parse(
    runManifestSchema,
    JSON.parse(await readFile(join(runsFolderFor(workspace), id, 'run.json'), 'utf8')),
  );
}

export async function events(workspace: string, id: string): Promise<RunEvent[]> {
  const text = await readFile(join(runsFolderFor(workspace), id, 'events.jsonl'), 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n'));
  return whole.split('\n').map((line) => v.parse(runEventSchema, JSON.parse(line)));
}
