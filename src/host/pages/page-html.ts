export interface PageSources {
  /** For scripts and styles of this page only, another one each time. */
  readonly nonce: string;
  /** The webview's own origin. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** The editor's language, for readers aloud. */
  readonly language: string;
}

/**
 * A page of ours. Nothing comes from anywhere but the extension; charts are saved by way of data and blob
 * images.
 */
export function pageHtml({ nonce, cspSource, script, style, language }: PageSources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta property="csp-nonce" nonce="${nonce}">
    <title>MMoE</title>
    <link rel="stylesheet" href="${attribute(style)}" nonce="${nonce}">
  </head>
  <body>
    <script type="module" src="${attribute(script)}" nonce="${nonce}"></script>
  </body>
</html>
`;
}

const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
