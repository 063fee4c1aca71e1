/**
 * The box at the top of VS Code's window: the palette, lists to pick from, questions. Every function that
 * opens one closes first what is open there, and looks at what is shown before it answers: so it can be
 * called in any state of the window.
 * @import { Locator, Page } from 'playwright-core'
 */
import { untilItWorks } from '../eventually.mjs';

const list = '.quick-input-list .monaco-list-row';

/**
 * Finds the field in which a person types.
 * @param {Page} page
 */
export const quickInput = (page) => page.locator('.quick-input-widget input.input');

/**
 * Closes the box that is open, if any.
 * @param {Page} page
 * @param {number} [timeout] in milliseconds, of each wait
 */
export async function closeQuickInput(page, timeout) {
  const widget = page.locator('.quick-input-widget');
  if (!(await widget.isVisible())) return;
  // A list may stay open without the focus, and would then not hear the key.
  await quickInput(page).focus({ timeout });
  await page.keyboard.press('Escape');
  await widget.waitFor({ state: 'hidden', timeout });
}

/**
 * Opens a box by its key and types into it.
 * @param {Page} page
 * @param {string} key
 * @param {string} text
 * @param {number} timeout in milliseconds, of each wait
 */
async function openAndType(page, key, text, timeout) {
  await closeQuickInput(page, timeout);
  await page.keyboard.press(key);
  await quickInput(page).fill(text, { timeout });
}

/**
 * Clicks a row of the list. Rows are reused for others while the list fills: so the row is checked and
 * clicked in one go.
 * @param {Locator} row
 * @param {string} selector that the row matches
 * @param {number} timeout in milliseconds, of each wait
 */
async function clickRow(row, selector, timeout) {
  await row.waitFor({ timeout });
  const clicked = await row.evaluate(
    (element, wanted) => {
      if (!('click' in element) || !element.matches(wanted)) return false;
      element.click();
      return true;
    },
    selector,
    { timeout },
  );
  if (!clicked) throw new Error('the row became another one');
}

/**
 * Runs a command by F1, its title, and the row that has exactly this title.
 * @param {Page} page
 * @param {string} title as the palette shows it: `MMoE: Train`
 */
export async function runCommand(page, title) {
  // A row's label may go on with a comma: its keys, or the heading above it. Never with the rest of a longer
  // title.
  const [whole, start] = [JSON.stringify(title), JSON.stringify(`${title}, `)];
  const selector = `:is([aria-label=${whole}], [aria-label^=${start}])`;
  const row = page.locator(`${list}${selector}`).first();
  await untilItWorks(`the command ${title} in the palette`, async (timeout) => {
    await openAndType(page, 'F1', `>${title}`, timeout);
    await clickRow(row, selector, timeout);
  });
  await row.waitFor({ state: 'hidden' });
}

/**
 * Opens a file of the workspace by name, as Control+P does.
 * @param {Page} page
 * @param {string} name
 */
export async function openFile(page, name) {
  const title = name.split('/').at(-1) ?? name;
  // The row is found by its name: what was opened last and has the name in it, like a comparison, may come
  // first.
  const selector = `[aria-label^=${JSON.stringify(title)}]`;
  await untilItWorks(`${name} in an editor`, async (timeout) => {
    await openAndType(page, 'Control+P', name, timeout);
    await clickRow(page.locator(`${list}${selector}`).first(), selector, timeout);
    await page.locator('.tab.active').filter({ hasText: title }).waitFor({ timeout });
  });
}

/**
 * Takes another colour theme from the picker: the server does not notice a changed settings file.
 * @param {Page} page
 * @param {string} label
 */
export async function pickTheme(page, label) {
  const focused = page.locator(`${list}.focused`).filter({ hasText: label });
  await untilItWorks(`the theme ${label}`, async (timeout) => {
    await runCommand(page, 'Preferences: Color Theme');
    await quickInput(page).fill(label, { timeout });
    await focused.waitFor({ timeout });
    await quickInput(page).press('Enter', { timeout });
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout });
  });
}

/**
 * Waits until a row of the list shows these words, and returns all rows.
 * @param {Page} page
 * @param {string | RegExp} words that no other list shows
 * @param {number} [timeout] in milliseconds
 */
export async function quickPickRows(page, words, timeout) {
  const rows = page.locator(list);
  await rows.filter({ hasText: words }).first().waitFor({ timeout });
  return rows;
}

/**
 * Checks or unchecks the box of a row.
 * @param {Locator} row
 * @param {boolean} checked
 */
export async function checkRow(row, checked) {
  const box = row.locator(`[aria-checked=${String(checked)}]`);
  await untilItWorks(`a box that is ${checked ? '' : 'not '}checked`, async (timeout) => {
    if ((await box.count()) === 0) await row.click({ timeout });
    await box.waitFor({ timeout });
  });
}
