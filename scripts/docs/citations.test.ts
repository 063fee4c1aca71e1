import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { root } from '../paths.mjs';
import {
  commentsOf,
  missingInComments,
  missingOnPage,
  wordsOf,
  type Repository,
  type Source,
} from './citations.js';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
/** This file cites what is not there on purpose. */
const self = 'scripts/docs/citations.test.ts';
/** Examples of names in people's files. */
const examples = new Set(['target_price', 'NAME.md']);
const read = (path: string): Source => ({ path, text: readFileSync(join(root, path), 'utf8') });
const sources = files.filter((path) => /\.(ts|mjs|c|h)$/.test(path) && path !== self).map(read);
const program = read('src/cli/main.ts').text;
const repository: Repository = {
  files,
  words: new Set(
    [...sources, ...files.filter((path) => /\.(json|py|css)$/.test(path)).map(read)].flatMap(({ text }) =>
      wordsOf(text),
    ),
  ),
  scripts: new Set(Object.keys(packageJson.scripts)),
  commands: new Set([...program.matchAll(/\.command\('([\w-]+)'/g)].map(([, name]) => name!)),
};
const pages = files.filter((path) =>
  /^(docs\/.*|README|CONTRIBUTING|SECURITY|bench\/README)\.md$/.test(path),
);

describe('what docs and comments cite exists', () => {
  test.each(pages)('%s names files, names and commands that are there', (path) => {
    expect(missingOnPage(read(path), repository)).toEqual([]);
  });

  test('comments name files and names that are there', () => {
    const missing = sources.flatMap((source) =>
      missingInComments(source, repository)
        .filter((what) => !examples.has(what))
        .map((what) => `${source.path}: ${what}`),
    );
    expect(missing).toEqual([]);
  });

  test('a page’s missing file, name, script and command are found', () => {
    const text =
      'See [x](gone.md), `src/cli/gone.ts`, `goneName`, `npm run gone`, `mmoe gone`; ' +
      'and `src/cli/main.ts`, `npm run build`.';
    expect(missingOnPage({ path: 'docs/page.md', text }, repository)).toEqual([
      'docs/gone.md',
      'goneName',
      'mmoe gone',
      'npm run gone',
      'src/cli/gone.ts',
    ]);
  });

  test('a comment’s missing file and name are found', () => {
    const text = "/** As gone-file.h, like `gone_name`. */\nconst x = 'other.h'; // see src/gone/x.ts\n";
    expect(commentsOf(text)).toContain('see src/gone/x.ts');
    expect(missingInComments({ path: 'src/a.ts', text }, repository)).toEqual([
      'gone-file.h',
      'gone_name',
      'src/gone/x.ts',
    ]);
  });
});
