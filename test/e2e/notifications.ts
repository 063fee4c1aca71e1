import type { Locator, Page } from 'playwright-core';
import { untilItWorks } from '../eventually.mjs';
import { runCommand } from '../real-host/quick-input.mjs';

/** Finds a message of the window, in its corner or, some seconds later, in the list that the bell opens. */
function notification(page: Page, words: string | RegExp): Locator {
  return page
    .locator('.notification-toast, .notifications-center .notification-list-item')
    .filter({ hasText: words })
    .first();
}

/** Opens the list of messages and returns their texts. */
export async function notifications(page: Page): Promise<string[]> {
  await runCommand(page, 'Notifications: Show Notifications');
  await page.locator('.notifications-center').waitFor();
  return page.locator('.notifications-center .notification-list-item-message').allInnerTexts();
}

/** Waits for a message and does something with it, again until that works. */
export async function meetNotification(
  page: Page,
  words: string | RegExp,
  meet: (message: Locator, timeout: number) => Promise<void> = async () => undefined,
): Promise<void> {
  const message = notification(page, words);
  await untilItWorks(`the message ${String(words)}`, async (timeout) => {
    await message.waitFor({ timeout }).catch(async () => {
      await runCommand(page, 'Notifications: Show Notifications');
      await message.waitFor({ timeout });
    });
    await meet(message, timeout);
  });
}
