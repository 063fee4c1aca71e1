/**
 * VS Code's window in the browser, worked as a person works it.
 * @import { Browser, Page } from 'playwright-core'
 * @import { Server } from './server.mjs'
 */

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
  page.setDefaultTimeout(30_000);
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
 * F1, the command's title, and the row that has exactly this title. A window that still restores can close
 * the palette: it is then opened again.
 * @param {Page} page
 * @param {string} title as the palette shows it: `MMoE: Train`
 */
export async function runCommand(page, title) {
  const input = page.locator('.quick-input-widget input.input');
  const name = JSON.stringify(title);
  // A row's label may go on with a comma: its keys, or the heading above it. Never with the rest of a longer
  // title.
  const rows = `:is([aria-label=${name}], [aria-label^=${JSON.stringify(`${title}, `)}])`;
  const row = page.locator(`.quick-input-list .monaco-list-row${rows}`).first();
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press('F1');
      await input.waitFor({ timeout: 2000 });
      await input.fill(`>${title}`);
      await row.waitFor({ timeout: 5000 });
      // Rows are used again for others while the list fills: so the label is read and the row clicked in one
      // go.
      const clicked = await row.evaluate(
        (element, selector) => {
          if (!('click' in element) || !element.matches(selector)) return false;
          element.click();
          return true;
        },
        rows,
        { timeout: 2000 },
      );
      if (!clicked) throw new Error(`the row of ${title} became another's`);
      return;
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/**
 * Takes another colour theme from the picker: the server does not notice a changed settings file.
 * @param {Page} page
 * @param {string} label
 */
export async function pickTheme(page, label) {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+T');
    try {
      await rows.first().waitFor({ timeout: 5000 });
      break;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
  await page.locator('.quick-input-widget input.input').fill(label);
  await rows.filter({ hasText: label }).first().waitFor();
  await page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: label }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

/**
 * The rows of the open quick pick, once there are any.
 * @param {Page} page
 */
export async function quickPickRows(page) {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  await rows.first().waitFor();
  return rows;
}

/**
 * Opens a file of the workspace by name, as Control+P does.
 * @param {Page} page
 * @param {string} name
 */
export async function openFile(page, name) {
  const title = name.split('/').at(-1) ?? name;
  const tab = page.locator('.tab.active').filter({ hasText: title });
  const input = page.locator('.quick-input-widget input.input');
  const opens = async () => {
    await page.keyboard.press('Control+P');
    await input.waitFor();
    await input.fill(name);
    // By its name: what was opened last and has the name in it, like a comparison, may come first.
    const row = page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first();
    await row.click({ timeout: 5000 }).catch(() => input.press('Enter'));
    return await tab.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
  };
  // While the list is still being filled, Enter may be lost, or take what was in it before.
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await opens()) return;
    await page.keyboard.press('Escape');
  }
  await tab.waitFor();
}

/**
 * Opens the container of this extension in the side bar.
 * @param {Page} page
 * @param {string} label
 */
export async function openContainer(page, label) {
  // Its badge lies over the link and takes the clicks meant for it: so the whole item is clicked.
  const item = page
    .locator('.activitybar .action-item')
    .filter({ has: page.locator(`a[aria-label^="${label}"]`) });
  await item.waitFor();
  if (!/\bchecked\b/.test((await item.getAttribute('class')) ?? '')) await item.click();
}

/**
 * The document of the webview that is in front.
 * @param {Page} page
 */
export function webview(page) {
  return page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
}
