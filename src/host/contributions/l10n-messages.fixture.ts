import ts from 'typescript';

/** Returns the English texts given to `t(…)` in TypeScript sources, each as the translation of itself. */
export function englishMessages(sources: readonly string[]): Record<string, string> {
  const found = new Set<string>();
  for (const source of sources) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && isTranslate(node.expression)) {
        const [first] = node.arguments;
        const text = first === undefined ? null : literalText(first);
        if (text === null) throw new Error(`a text to translate must be a literal: ${node.getText()}`);
        found.add(text);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  }
  return Object.fromEntries([...found].sort().map((message) => [message, message]));
}

/** Returns the text of a literal, or of literals that are added to fit into lines; null: it is no literal. */
function literalText(expression: ts.Expression): string | null {
  if (ts.isStringLiteralLike(expression)) return expression.text;
  if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.PlusToken)
    return null;
  const [left, right] = [literalText(expression.left), literalText(expression.right)];
  return left === null || right === null ? null : left + right;
}

/** Texts are translated by `t` alone, so that all of them are found in one way. */
function isTranslate(callee: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee) && /(^|\.)l10n\.t$/.test(callee.getText()))
    throw new Error(`t(…) of localise.ts translates, not ${callee.getText()}`);
  return ts.isIdentifier(callee) && callee.text === 't';
}
