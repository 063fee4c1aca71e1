/** A text of the repository, by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The names that the repository has, which citations are checked against. */
export interface Repository {
  /** Paths of all files. */
  readonly files: readonly string[];
  /** Words of the code, without its comments. */
  readonly words: ReadonlySet<string>;
  /** Names of package.json's scripts. */
  readonly scripts: ReadonlySet<string>;
  /** Names of the program's commands. */
  readonly commands: ReadonlySet<string>;
}

const rooms = 'src|webview|test|scripts|bench|docs|media|l10n|\\.ci|\\.vscode';
const roomPath = new RegExp(`(?<![\\w./-])(?:${rooms})/[\\w./-]*\\w`, 'g');
const fileName = /(?<![\w./*-])[\w-][\w./-]*\.(?:ts|mjs|md|h|c)(?![\w.-])/g;
const codeSpan = /`([^`\n]+)`/g;
/** Words of which nobody could mean anything but a name of the code: inner capitals or underscores. */
const codeName = /^(?:[A-Za-z]+[a-z][A-Z]\w*|[A-Za-z]\w*_\w+)$/;

/** Lists what a page of Markdown cites and the repository does not have. */
export function missingOnPage(page: Source, repository: Repository): string[] {
  const { text } = page;
  const spans = [...text.matchAll(codeSpan)].map(([, code]) => code!);
  return unique([
    ...linksOf(page).filter((path) => !isThere(path, repository)),
    ...pathsOf(text).filter((path) => !isThere(path, repository)),
    ...spans.filter((code) => codeName.test(code) && !repository.words.has(code)),
    ...commandsOf(text)
      .filter(({ kind, name }) => !repository[kind].has(name))
      .map(({ said }) => said),
  ]);
}

/** Lists the files and names that comments of a source file cite and the repository does not have. */
export function missingInComments(source: Source, repository: Repository): string[] {
  const comments = commentsOf(source.text);
  const names = [...comments.matchAll(codeSpan)]
    .map(([, code]) => code!)
    .filter((code) => codeName.test(code));
  return unique([
    ...pathsOf(comments).filter((path) => !isThere(path, repository)),
    ...[...comments.matchAll(fileName)]
      .map(([path]) => path)
      .filter((path) => !isSomewhere(path, repository)),
    ...names.filter((name) => !repository.words.has(name)),
  ]);
}

/** Returns the comments of a TypeScript, JavaScript or C text, one after the other. */
export function commentsOf(text: string): string {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)]
    .map(([comment]) => comment.replaceAll(/^\s*\* ?/gm, ''))
    .join('\n');
}

/** Returns the words of a text without its comments. */
export function wordsOf(text: string): string[] {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, ' ').match(/[A-Za-z_]\w*/g) ?? [];
}

function linksOf({ path, text }: Source): string[] {
  const folder = path.split('/').slice(0, -1);
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const parts = [...folder];
      for (const part of target.split('/')) {
        if (part === '..') parts.pop();
        else if (part !== '.') parts.push(part);
      }
      return parts.join('/');
    });
}

const pathsOf = (text: string): string[] => [...text.matchAll(roomPath)].map(([path]) => path);

function commandsOf(text: string): { kind: 'scripts' | 'commands'; name: string; said: string }[] {
  return [
    ...[...text.matchAll(/\bnpm run ([a-z][\w-]*)/g)].map(([said, name]) => ({
      kind: 'scripts' as const,
      name: name!,
      said,
    })),
    ...[...text.matchAll(/`mmoe ([a-z][\w-]*)/g)].map(([said, name]) => ({
      kind: 'commands' as const,
      name: name!,
      said: said.slice(1),
    })),
  ];
}

/** A file, a folder, or what a glob begins with. */
const isThere = (path: string, { files }: Repository): boolean =>
  files.some((file) => file === path || file.startsWith(`${path}/`));

/** A file that is called so, or whose path ends so. */
const isSomewhere = (path: string, { files }: Repository): boolean => {
  const end = path.replace(/^(?:\.\.?\/)+/, '');
  return files.some((file) => file === end || file.endsWith(`/${end}`));
};

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
