import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, test } from 'vitest';
import { runEventSchema } from '../../src/shared/run/run-events.js';
import { runManifestSchema } from '../../src/shared/run/run-manifest.js';
import { root } from '../paths.mjs';
import { settingsLists } from './settings-lists.js';

const page = join(root, 'docs/formats.md');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/formats.md says what the code does', () => {
  test('its lists of settings are made from the schema (rewritten, and failing, otherwise)', async () => {
    const before = read('docs/formats.md');
    const start = '<!-- settings: written by scripts/docs/formats.test.ts -->\n';
    const end = '<!-- end of settings -->';
    const [head, rest] = before.split(start);
    const tail = rest?.split(end)[1];
    if (head === undefined || tail === undefined) throw new Error('docs/formats.md has lost its marks');
    const made = `${head}${start}\n${settingsLists()}\n\n${end}${tail}`;
    const after = await format(made, { ...(await resolveConfig(page)), filepath: page });
    if (after !== before) writeFileSync(page, after);
    expect(after === before, 'docs/formats.md was rewritten; look at it and commit it').toBe(true);
  });

  test('it names every field of run.json and every type of event', () => {
    const text = read('docs/formats.md');
    const types = runEventSchema.options.map(({ entries }) => entries.type.literal);
    const fields = Object.keys(runManifestSchema.entries);
    expect([...fields, ...types].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  test('it names every command and option of mmoe that people see', () => {
    const program = read('src/cli/main.ts');
    const text = read('docs/formats.md');
    const commands = [...program.matchAll(/\.command\('([\w-]+)'\)/g)].map(([, name]) => `mmoe ${name!}`);
    const options = [...program.matchAll(/(?:\.(?:required)?[oO]ption\(|new Option\()\s*'(--[\w-]+)[^\n]*/g)]
      .filter(([line]) => !line.includes('hideHelp'))
      .map(([, name]) => name!);
    expect(commands.length).toBeGreaterThan(10);
    const hidden = ['--id', '--threads', '--from'];
    const missing = [...commands, ...options].filter(
      (name) => !hidden.includes(name) && !text.includes(name),
    );
    expect(missing).toEqual([]);
  });
});
