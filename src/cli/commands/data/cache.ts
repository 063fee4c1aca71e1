import { relative } from 'node:path';
import { RowCache } from '../../../data/stream/cache.js';
import { formatBytes } from '../../../shared/numbers.js';
import { workspaceHere } from '../../runs/find-run.js';
import { formatTable } from '../../terminal/table.js';
import { printJson, stdout } from '../../terminal/terminal.js';

/** Lists the files of encoded rows of this workspace, or removes those that nothing reads. */
export function cacheCommand({ clear, json }: { clear?: boolean; json?: boolean }): void {
  const cache = new RowCache(workspaceHere());
  const before = cache.list();
  const { most } = cache;
  const gone = clear === true ? cache.clear() : [];
  const files = clear === true ? cache.list() : before;
  const bytes = sum(files);
  if (json === true) {
    printJson({
      folder: cache.folder,
      bytes: sum(before),
      most,
      removed: clear === true,
      files: before.map(({ path, bytes: own, used, isRead }) => ({
        ...{ path, bytes: own, used: used.toISOString(), inUse: isRead },
      })),
    });
    return;
  }
  if (gone.length > 0) stdout.line(`removed ${formatBytes(sum(gone))} of encoded rows from ${cache.folder}`);
  if (files.length === 0) {
    if (gone.length === 0) stdout.line(`no encoded rows are kept in ${cache.folder}`);
    return;
  }
  const rows = files.map(({ path, bytes: own, used, isRead }) => [
    relative(cache.folder, path),
    formatBytes(own),
    `${used.toISOString().slice(0, 16).replace('T', ' ')}${isRead ? ', in use' : ''}`,
  ]);
  for (const line of formatTable(['file', 'size', 'last used'], rows)) stdout.line(line);
  const kept = `${formatBytes(bytes)} in ${cache.folder}`;
  if (clear === true) stdout.line(`${kept}: a program reads these, so they stay`);
  else
    stdout.line(
      `${kept}; beyond ${formatBytes(most)} those go that were not used for the longest time, and mmoe cache --clear ` +
        'removes all that are not in use',
    );
}

const sum = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((all, { bytes }) => all + bytes, 0);
