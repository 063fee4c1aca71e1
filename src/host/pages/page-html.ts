export interface PageSources {
  /** Allows the scripts and styles of this page only; another one each time. */
  readonly nonce: string;
  /** The origin of the webview. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  /** The language of the editor, for screen readers. */
  readonly language: string;
}

/**
 * Returns the HTML of a page. All that it loads comes from the extension; charts are saved by way of data and
 * blob images.
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
