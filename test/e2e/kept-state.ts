import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { eventually } from '../eventually.mjs';

/**
 * Waits until the browser's workbench has written down that an editor is in front whose state holds these
 * words: it writes every few seconds, and a reload restores what was written.
 */
export async function editorIsKept(page: Page, words: string): Promise<void> {
  await eventually(`an editor of ${words} in front among what is kept`, async () =>
    (await keptStates(page)).flatMap(editorsInFront).some((editor) => editor.includes(words)),
  );
}

/** Returns what VS Code keeps of its editor area, for every workspace that this browser knows. */
function keptStates(page: Page): Promise<unknown[]> {
  return page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('a request of IndexedDB failed'));
      });
    const found: unknown[] = [];
    for (const { name = '' } of await indexedDB.databases()) {
      if (!name.startsWith('vscode-web-state-db')) continue;
      const database = await result(indexedDB.open(name));
      const items = database.transaction('ItemTable').objectStore('ItemTable');
      const text: unknown = await result(items.get('memento/workbench.parts.editor'));
      database.close();
      if (typeof text === 'string') found.push(JSON.parse(text));
    }
    return found;
  });
}

/** A group of editors as it is kept; `mru` are indices of `editors`, the one in front first. */
const groupSchema = v.object({
  editors: v.array(v.object({ value: v.string() })),
  mru: v.array(v.number()),
});

/** Returns the editors in front of their groups, which lie somewhere in the grid of the editor area. */
function editorsInFront(state: unknown): string[] {
  const group = v.safeParse(groupSchema, state);
  if (group.success) return [group.output.editors[group.output.mru[0] ?? -1]?.value ?? ''];
  return typeof state === 'object' && state !== null ? Object.values(state).flatMap(editorsInFront) : [];
}
