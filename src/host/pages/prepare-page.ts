import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from './page-html.js';

/** The pages, named as their bundles in dist/webview. */
export type PageName = 'run' | 'compare' | 'runs' | 'study' | 'predictions' | 'try-row';

/**
 * Gives a new or restored panel its icon, its options and its page, with a content security policy of its
 * own.
 */
export function preparePage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, name: PageName): void {
  const { webview } = panel;
  const files = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const media = vscode.Uri.joinPath(extensionUri, 'media');
  panel.iconPath = {
    light: vscode.Uri.joinPath(media, `${name}-light.svg`),
    dark: vscode.Uri.joinPath(media, `${name}-dark.svg`),
  };
  webview.options = { enableScripts: true, localResourceRoots: [files] };
  webview.html = pageHtml({
    nonce: randomBytes(16).toString('hex'),
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(files, `${name}.js`)).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(files, `${name}.css`)).toString(),
    language: vscode.env.language,
  });
}
