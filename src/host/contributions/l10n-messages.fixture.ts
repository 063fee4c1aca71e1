import ts from 'typescript';

/**
 * The English texts given to `t(…)` or `l10n.t(…)` in TypeScript sources: what l10n/bundle.l10n.json maps to
 * itself. Used by the tests only.
 */
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

function isTranslate(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 't' &&
    /(^|\.)l10n$/.test(callee.expression.getText())
  );
}
