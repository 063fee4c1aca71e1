import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { readText } from '../../run/files/run-file.js';
import { doLater } from '../../run/files/file-work.js';
import { runPaths } from '../../run/files/run-paths.js';
import { runEditor, runScheme } from '../contributions/contributions.js';
import { DocumentProvider } from '../editor/document-provider.js';
import { fileNameOf } from '../editor/file-name.js';

/**
 * The page of a run is opened at `mmoe-run:/path/of/the/run/NAME`: after a reload the editor calls tabs that have not
 * been in front yet by the end of their address, and does not look for such a file in its Explorer. The address keeps
 * the name that the run had when its page was opened; the tab has the present one as soon as it has been in front. A
 * run.json that is opened as a file is shown by the same page.
 */

/** Returns the folder of the run whose page has this address, or whose run.json this is. */
export const folderOfAddress = (uri: vscode.Uri): string => dirname(uri.fsPath);

/** Returns whether an address is that of a run: of its page, or of its run.json. */
export const isRunAddress = ({ scheme, path }: vscode.Uri): boolean =>
  scheme === runScheme || basename(path) === 'run.json';

/** Returns the address of a run's page: that of a tab that shows it, or a new one with its name. */
export function runAddress(folder: string, name: string): vscode.Uri {
  const [tab] = tabsOfRun(folder);
  return (
    tab?.input.uri ??
    vscode.Uri.joinPath(vscode.Uri.file(folder), fileNameOf(name)).with({ scheme: runScheme })
  );
}

/** Returns the tabs that show a run's page. */
export const tabsOfRun = (folder: string) =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      (tab): tab is vscode.Tab & { readonly input: vscode.TabInputCustom } =>
        tab.input instanceof vscode.TabInputCustom &&
        tab.input.viewType === runEditor.viewType &&
        folderOfAddress(tab.input.uri) === folder,
    );

/** Lets the editor find what stands at the addresses of runs' pages: their run.json, which nobody can change there. */
export class RunAddresses extends DocumentProvider {
  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const size = (await this.readFile(uri)).length;
    return {
      ...{ type: vscode.FileType.File, ctime: 0, mtime: 0, size },
      permissions: vscode.FilePermission.Readonly,
    };
  }

  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { manifest } = runPaths(folderOfAddress(uri));
    const text = await doLater(readText(manifest)).catch(() => {
      throw vscode.FileSystemError.FileNotFound(uri);
    });
    return Buffer.from(text);
  }
}
