import * as vscode from 'vscode';
import { t } from './localise.js';

/** These two are thrown through a chain of steps, and the runner of the chain catches them. */
const back = new Error('back');
const cancelled = new Error('cancelled');

export interface Step {
  readonly title: string;
  readonly step: number;
  readonly of: number;
  readonly placeholder: string;
}

/**
 * Shows a list from which several items may be chosen; `picked` items start chosen. Rejects on Back and
 * Escape.
 */
export function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: Step & { atLeast: number },
): Promise<T[]> {
  return show(items, options, true, options.atLeast);
}

/**
 * Shows a list from which one item is chosen; the first `picked` item starts active. With `later` the list is shown
 * as busy until as many items are there that say more, in the same order. Rejects on Back and Escape.
 */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  { later, ...options }: Step & { readonly later?: Promise<readonly T[]> | undefined },
): Promise<T> {
  const chosen = await show(items, options, false, 1, later);
  return chosen[0]!;
}

function show<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: Step,
  many: boolean,
  atLeast: number,
  later?: Promise<readonly T[]>,
): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const pick = vscode.window.createQuickPick<T>();
    let done = false;
    const end = (finish: () => void): void => {
      done = true;
      finish();
      pick.dispose();
    };
    pick.title = options.title;
    pick.step = options.step;
    pick.totalSteps = options.of;
    pick.placeholder = options.placeholder;
    pick.canSelectMany = many;
    pick.matchOnDescription = true;
    pick.matchOnDetail = true;
    pick.ignoreFocusOut = true;
    pick.items = items;
    const picked = items.filter((item) => item.picked === true);
    if (many) pick.selectedItems = picked;
    else if (picked.length > 0) pick.activeItems = picked.slice(0, 1);
    if (options.step > 1) pick.buttons = [vscode.QuickInputButtons.Back];
    pick.onDidTriggerButton(() => end(() => reject(back)));
    pick.onDidAccept(() => {
      const chosen = many ? pick.selectedItems : pick.activeItems.slice(0, 1);
      if (chosen.length < atLeast) {
        pick.title = `${options.title} — ${t('choose at least {0}', atLeast)}`;
        return;
      }
      end(() => resolve([...chosen]));
    });
    pick.onDidHide(() => {
      if (!done) end(() => reject(cancelled));
    });
    pick.busy = later !== undefined;
    void later?.then((more) => {
      if (done) return;
      const active = pick.items.indexOf(pick.activeItems[0]!);
      pick.busy = false;
      pick.items = more;
      if (active >= 0) pick.activeItems = more.slice(active, active + 1);
    });
    pick.show();
  });
}

/**
 * Runs steps in order, and goes one back on Back. A step that answers `skip` is passed over in both
 * directions. Returns false if the person pressed Escape.
 */
export async function runSteps(steps: readonly (() => Promise<'done' | 'skip'>)[]): Promise<boolean> {
  let at = 0;
  let direction = 1;
  while (at < steps.length) {
    try {
      const result = await steps[at]!();
      if (result === 'done') direction = 1;
      at = Math.max(0, at + direction);
    } catch (thrown) {
      if (thrown === cancelled) return false;
      if (thrown !== back) throw thrown;
      direction = -1;
      at = Math.max(0, at - 1);
    }
  }
  return true;
}
