import * as vscode from 'vscode';
import { experimentBase } from '../../run/files/run-paths.js';
import type { RunPageToHost } from '../../shared/messages/run-protocol.js';
import { fileNameOf } from '../editor/file-name.js';
import { t } from '../editor/localise.js';

const kinds = { png: 'PNG', svg: 'SVG', csv: 'CSV' } as const;

/**
 * Asks for a file, and writes a chart or its table to it. The content is text for SVG and CSV, and base64 for
 * PNG.
 */
export async function savePicture(
  picture: Extract<RunPageToHost, { type: 'save' }>,
  runsFolder: string,
): Promise<void> {
  const { name, format, content } = picture;
  const base = vscode.Uri.file(experimentBase(runsFolder));
  const target = await vscode.window.showSaveDialog({
    title: t('Save {0}', kinds[format]),
    defaultUri: vscode.Uri.joinPath(base, `${fileNameOf(name)}.${format}`),
    filters: { [kinds[format]]: [format] },
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(
    target,
    format === 'png' ? Buffer.from(content, 'base64') : Buffer.from(content, 'utf8'),
  );
}
