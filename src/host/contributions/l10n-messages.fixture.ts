import ts from 'typescript';

/** Returns the English texts given to `t(…)` in TypeScript sources, each as the translation of itself. */
export function englishMessages(sources: readonly string[]): Record<string, string> {
  const found = new Set<string>();
  for (const source of sources) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslate(node.expression)) {
        const [first] = node.arguments;
        if (first === undefined || !ts.isStringLiteralLike(first))
          throw new Error(`a text to translate must be a literal: ${node.getText()}`);
        found.add(first.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  }
  return Object.fromEntries([...found].sort().map((message) => [message, message]));
}

/** Texts are translated by `t` alone, so that all of them are found in one way. */
function isTranslate(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee) && /(^|\.)l10n\.t$/.test(callee.getText()))
    throw new Error(`t(…) of localise.ts translates, not ${callee.getText()}`);
  return ts.isIdentifier(callee) && callee.text === 't';
}
