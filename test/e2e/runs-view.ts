import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import * as v from 'valibot';
import { runsFolderFor } from '../../src/run/run-paths.js';
import { runManifestSchema, type RunManifest } from '../../src/shared/run.js';
import { runEventSchema, type RunEvent } from '../../src/shared/run-events.js';

/** A row of the Runs view by words in it. */
export function runRow(page: Page, words: string | RegExp): Locator {
  return pane(page, 'Runs').locator('.monaco-list-row').filter({ hasText: words }).first();
}

export function experimentRow(page: Page, words: string | RegExp): Locator {
  return pane(page, 'Experiments').locator('.monaco-list-row').filter({ hasText: words }).first();
}

function pane(page: Page, title: string): Locator {
  return page.locator('.pane').filter({ has: page.locator('.pane-header', { hasText: title }) });
}

/**
 * Right-click, then the entry. A window that has just opened may not know the entry yet: the menu is then
 * opened again.
 */
export async function fromMenu(page: Page, target: Locator, entry: string | RegExp): Promise<void> {
  const item = page
    .locator('.monaco-menu .action-item:not(.disabled) .action-label')
    .filter({ hasText: entry })
    .first();
  for (let attempt = 1; ; attempt++) {
    await target.click({ button: 'right' });
    try {
      await item.waitFor({ timeout: 5000 });
      break;
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
  // A menu that has just opened may swallow a click; the item that the mouse is over has the focus, and takes
  // the key.
  await item.hover();
  await page.locator('.monaco-menu .action-item.focused').filter({ hasText: entry }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Newest last. */
export async function runIds(workspace: string): Promise<string[]> {
  return (await readdir(runsFolderFor(workspace)).catch(() => []))
    .filter((name) => /^\d{8}-/.test(name))
    .sort();
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
