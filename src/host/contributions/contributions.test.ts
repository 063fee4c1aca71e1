import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands, viewsWelcome } from './contributions.js';
import { menus } from './menus-table.js';
import { walkthrough } from './walkthrough-table.js';
import { englishMessages } from './l10n-messages.fixture.js';
import { manifestShare } from './package-json.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Writes the file if it differs, and says so: run the tests again then, and commit the change. */
function rewritten(path: string, make: (before: string) => string): boolean {
  const file = join(root, path);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = make(before);
  if (after !== before) writeFileSync(file, after);
  return after !== before;
}

const print = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe('what the extension contributes', () => {
  it('package.json says what the table says', () => {
    const { contributes, activationEvents, extensionKind, capabilities } = manifestShare();
    const changed = rewritten('package.json', (before) => {
      const whole = JSON.parse(before) as Record<string, unknown>;
      return print({
        ...whole,
        l10n: './l10n',
        icon: 'media/icon.png',
        activationEvents,
        extensionKind,
        capabilities,
        contributes,
      });
    });
    expect(changed, 'package.json was behind and has been rewritten').toBe(false);
  });

  it('package.nls.json holds its texts', () => {
    const changed = rewritten('package.nls.json', () => print(manifestShare().texts));
    expect(changed, 'package.nls.json was behind and has been rewritten').toBe(false);
  });

  it('the bundle of messages holds every text of the code', () => {
    const sources = [join(root, 'src/extension.ts'), ...typescriptFiles(join(root, 'src/host'))];
    const changed = rewritten('l10n/bundle.l10n.json', () =>
      print(englishMessages(sources.map((file) => readFileSync(file, 'utf8')))),
    );
    expect(changed, 'l10n/bundle.l10n.json was behind and has been rewritten').toBe(false);
  });

  it('every command in a menu has an icon where only icons are shown', () => {
    const inline = Object.values(menus).flatMap((items) =>
      items.filter((item) => /^(inline|navigation)/.test(item.group)),
    );
    for (const { command } of inline) expect(commands[command], command).toHaveProperty('icon');
  });

  it('links in welcome views and the walkthrough lead to commands that exist', () => {
    const texts = [
      ...viewsWelcome.map((welcome) => welcome.contents),
      ...walkthrough.steps.map((step) => step.description),
    ];
    const targets = texts.flatMap((text) =>
      [...text.matchAll(/\(command:(mmoe\.[^)]+)\)/g)].map((match) => match[1]!),
    );
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) expect(Object.keys(commands)).toContain(target);
  });

  it('the walkthrough’s pictures and texts are there', () => {
    for (const step of walkthrough.steps)
      expect(
        existsSync(join(root, 'media/walkthrough', 'image' in step ? step.image : step.markdown)),
        step.id,
      ).toBe(true);
  });
});

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((item) => item.isFile() && item.name.endsWith('.ts') && !item.name.endsWith('.test.ts'))
    .map((item) => join(item.parentPath, item.name))
    .sort();
}
