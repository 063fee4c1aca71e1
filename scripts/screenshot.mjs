/**
 * A picture of VS Code with the built package: `npm run screenshot -- --folder sample --theme light --run
 * "MMoE: Train" --out shot.png`. Steps are taken in the order given:
 *   --run "TITLE"   a command from the palette       --key "Enter"      a key, or a chord as Control+K
 *   --type "text"   types                            --click "css"      clicks in the window
 *   --in "css"      clicks inside the webview        --text "words"     clicks what shows these words
 *   --right "words" right-clicks what shows these    --wait 2000        waits so many ms, or until words show
 *   --shot FILE     saves a picture in between       --reload           reloads the window
 *   --theme NAME    (after the start) changes the theme while the window is open
 * Options: --folder DIR, --theme dark|light|contrast|contrast-light, --size 1400x900, --open FILE (opened
 * first), --setting key=json, --no-build (use dist/ as it is), --dev-vsix FILE (use this package), --out FILE
 * (the last picture).
 */
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchChromium } from '../test/real-host/chromium.mjs';
import { missingForRealHost } from '../test/real-host/prerequisites.mjs';
import { startServer } from '../test/real-host/server.mjs';
import { openFile, pickTheme, runCommand } from '../test/real-host/quick-input.mjs';
import { themes } from '../test/real-host/user-settings.mjs';
import { openContainer, openWorkbench, webview, workbenchReady } from '../test/real-host/workbench.mjs';
import { packageExtension } from './package/package-extension.mjs';
import { root } from './paths.mjs';

const { tokens, values } = parseArgs({
  tokens: true,
  options: {
    folder: { type: 'string', default: 'sample' },
    theme: { type: 'string', multiple: true },
    size: { type: 'string', default: '1400x900' },
    out: { type: 'string', default: 'out/shot.png' },
    open: { type: 'string', multiple: true },
    setting: { type: 'string', multiple: true },
    'no-build': { type: 'boolean' },
    'dev-vsix': { type: 'string' },
    run: { type: 'string', multiple: true },
    key: { type: 'string', multiple: true },
    type: { type: 'string', multiple: true },
    click: { type: 'string', multiple: true },
    in: { type: 'string', multiple: true },
    text: { type: 'string', multiple: true },
    right: { type: 'string', multiple: true },
    wait: { type: 'string', multiple: true },
    shot: { type: 'string', multiple: true },
    reload: { type: 'boolean', multiple: true },
    container: { type: 'string', default: 'MMoE' },
  },
});

const missing = missingForRealHost({ browser: true });
if (missing !== null) throw new Error(missing);

/** @param {string} name */
function themeNamed(name) {
  const theme = Object.entries(themes).find(([short]) => short === name)?.[1];
  if (theme === undefined) throw new Error(`--theme ${name}: one of ${Object.keys(themes).join(', ')}`);
  return theme;
}

/** @type {Record<string, unknown>} */
const settings = { 'workbench.colorTheme': themeNamed(values.theme?.[0] ?? 'dark').id };
for (const setting of values.setting ?? []) {
  const split = setting.indexOf('=');
  settings[setting.slice(0, split)] = JSON.parse(setting.slice(split + 1));
}

if (!values['no-build'] && values['dev-vsix'] === undefined)
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
const vsix = values['dev-vsix'] === undefined ? (await packageExtension()).file : resolve(values['dev-vsix']);
const [width = 1400, height = 900] = values.size.split('x').map(Number);
const server = await startServer({ extensions: [vsix], settings });
const browser = await launchChromium();
try {
  const page = await openWorkbench(browser, server, resolve(values.folder), { width, height });
  page.on('console', (message) => {
    if (message.type() === 'error' && /mmoe|webview/i.test(message.text()))
      console.log(`page: ${message.text().slice(0, 400)}`);
  });
  if (values.container !== '') await openContainer(page, values.container);
  for (const file of values.open ?? []) await openFile(page, file);

  let themesSeen = 0;
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const value = token.value ?? '';
    if (token.name === 'run') await runCommand(page, value);
    else if (token.name === 'key') await page.keyboard.press(value);
    else if (token.name === 'type') await page.keyboard.type(value);
    else if (token.name === 'click') await page.locator(value).first().click();
    else if (token.name === 'in') await webview(page).locator(value).first().click();
    else if (token.name === 'text') await page.getByText(value).first().click();
    else if (token.name === 'right') await page.getByText(value).first().click({ button: 'right' });
    else if (token.name === 'wait')
      await (/^\d+$/.test(value) ? sleep(Number(value)) : waitForWords(page, value));
    else if (token.name === 'shot') await shoot(page, value);
    else if (token.name === 'reload') {
      await page.reload();
      await workbenchReady(page);
    } else if (token.name === 'theme' && ++themesSeen > 1) {
      await pickTheme(page, themeNamed(value).label);
    }
  }
  await sleep(500);
  await shoot(page, values.out);
} finally {
  await browser.close();
  await server.stop();
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} file
 */
async function shoot(page, file) {
  await mkdir(dirname(resolve(file)), { recursive: true });
  await page.screenshot({ path: resolve(file) });
  console.log(file);
}

/**
 * In the window, or in the webview.
 * @param {import('playwright-core').Page} page
 * @param {string} words
 */
async function waitForWords(page, words) {
  await Promise.any([
    page.getByText(words).first().waitFor({ timeout: 120_000 }),
    webview(page).getByText(words).first().waitFor({ timeout: 120_000 }),
  ]);
}
