import { relative } from 'node:path';
import { RowCache } from '../../../data/stream/cache.js';
import { formatBytes } from '../../../shared/numbers.js';
import { workspaceHere } from '../../runs/find-run.js';
import { formatTable } from '../../terminal/table.js';
import { printJson, stdout } from '../../terminal/terminal.js';

/** Lists the files of encoded rows of this workspace, or removes them. */
export function cacheCommand({ clear, json }: { clear?: boolean; json?: boolean }): void {
  const cache = new RowCache(workspaceHere());
  const files = cache.list();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (clear === true) cache.clear();
  if (json === true) {
    printJson({
      folder: cache.folder,
      bytes,
      removed: clear === true,
      files: files.map(({ path, bytes: own, used }) => ({ path, bytes: own, used: used.toISOString() })),
    });
    return;
  }
  if (files.length === 0) stdout.line(`no encoded rows are kept in ${cache.folder}`);
  else if (clear === true) stdout.line(`removed ${formatBytes(bytes)} of encoded rows from ${cache.folder}`);
  else {
    const rows = files.map(({ path, bytes: own, used }) => [
      relative(cache.folder, path),
      formatBytes(own),
      used.toISOString().slice(0, 16).replace('T', ' '),
    ]);
    for (const line of formatTable(['file', 'size', 'last used'], rows)) stdout.line(line);
    stdout.line(`${formatBytes(bytes)} in ${cache.folder}; mmoe cache --clear removes them`);
  }
}
