import type { Command } from '../../parts.js';

/** Shows all runs as a table in the editor. */
export const showRunsTable: Command = (parts) => async () => {
  await parts.loaded();
  parts.runsTable.open();
};
