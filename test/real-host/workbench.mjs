/**
 * These functions work VS Code's window in the browser as a person does. quick-input.mjs works the box at its
 * top.
 * @import { Browser, Page } from 'playwright-core'
 * @import { Server } from './server.mjs'
 */
import { untilItWorks } from '../eventually.mjs';
import { minutes, patience } from '../patience.mjs';
import { runCommand } from './quick-input.mjs';

/**
 * Opens a folder in a new window and waits until its side bar and status bar are there.
 * @param {Browser} browser
 * @param {Server} server
 * @param {string} folder
 * @param {{ width?: number, height?: number }} [size]
 * @returns {Promise<Page>}
 */
export async function openWorkbench(browser, server, folder, { width = 1400, height = 900 } = {}) {
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(minutes(patience.wait));
  await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
  await workbenchReady(page);
  return page;
}

/** @param {Page} page */
export async function workbenchReady(page) {
  await page.locator('.monaco-workbench .statusbar').waitFor();
  await page.locator('.activitybar .action-item').first().waitFor();
  // The window's restore ends when its extension host answers.
  await page.locator('.monaco-workbench:not(.nostatusbar)').waitFor();
}

/**
 * Opens a container of the side bar by its command: run again, it leaves the container open, where a second
 * click on the icon would close it.
 * @param {Page} page
 * @param {string} label
 */
export async function openContainer(page, label) {
  await untilItWorks(`${label} in the side bar`, async (timeout) => {
    await runCommand(page, `View: Show ${label}`);
    await page
      .locator('.activitybar .action-item.checked')
      .filter({ has: page.locator(`a[aria-label^="${label}"]`) })
      .waitFor({ timeout });
  });
}

/**
 * Finds the document of the webview that is in front.
 * @param {Page} page
 */
export function webview(page) {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
}
