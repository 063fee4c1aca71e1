import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { out } from '../../scripts/paths.mjs';
import { eventually, untilItWorks } from '../eventually.mjs';
import { openFile, quickInput, runCommand } from '../real-host/quick-input.mjs';
import { openContainer } from '../real-host/workbench.mjs';
import { fill, mountDisk, unmountDisk } from '../small-disk.js';
import { smallExperiment } from './experiments.js';
import { meetNotification, notifications } from './notifications.js';
import { RunPage } from './run-page.js';
import { fromMenu, manifest, openRun, runIds, runRow, runsPane, shownName } from './runs-view.js';
import { setStage, type Stage } from './stage.js';
import { longExperimentFile, runThatIs, statusOf } from './trainings.js';

/** What a person is told on bad days; out/e2e keeps the pictures. */

/** Keeps a picture of what is on the screen. */
async function picture(page: Page, name: string): Promise<void> {
  await mkdir(join(out, 'e2e'), { recursive: true });
  await page.screenshot({ path: join(out, 'e2e', `bad-days-${name}.png`) });
}

/** Dismisses all messages, so that those of the next step stand alone. */
const forget = (page: Page): Promise<void> => runCommand(page, 'Notifications: Clear All Notifications');

/** A workspace on a small disk of its own; null where this machine lets nobody mount one. */
async function smallDisk(kilobytes: number): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), 'mm-disk-'));
  if (mountDisk(folder, kilobytes)) return folder;
  await rm(folder, { recursive: true });
  return null;
}

async function removeDisk(folder: string | null): Promise<void> {
  if (folder === null) return;
  unmountDisk(folder);
  await rm(folder, { recursive: true, force: true });
}

const noMounting = 'root does not allow mounting here';

describe('on a small disk', () => {
  let disk: string | null;
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    disk = await smallDisk(60_000);
    if (disk === null) return;
    stage = await setStage(
      { ...longExperimentFile, 'small.mmoe.json': smallExperiment },
      { workspace: disk },
    );
    page = await stage.open();
    await openContainer(page, 'MMoE');
  });
  afterAll(async () => {
    if (disk !== null) await stage.close();
    await removeDisk(disk);
  });

  it('a disk that gets full ends a run, which says so once and goes on when there is room', async ({
    skip,
  }) => {
    if (disk === null) skip(noMounting);
    await openFile(page, 'long.mmoe.json');
    await runCommand(page, 'MMoE: Train');
    await runRow(page, /epoch \d+ of 300/).waitFor();
    const ballast = await fill(stage.workspace);
    await meetNotification(page, /[Tt]he disk is full.*the run is safe up to its last checkpoint/);
    await runRow(page, /interrupted|failed/).waitFor();
    await new RunPage(page).waitForText(/^The disk is full/);
    await picture(page, 'full-disk');
    expect(await notifications(page)).toHaveLength(1);

    await rm(ballast);
    await meetNotification(page, /the disk is full/, (message, timeout) =>
      message.getByRole('button', { name: 'Resume' }).click({ timeout }),
    );
    await runRow(page, /epoch \d+ of 300/).waitFor();
    await picture(page, 'room-again');
    await new RunPage(page).button('Stop').click();
    await runRow(page, 'stopped').waitFor();
  });

  it('a training that cannot begin on a full disk says so, and leaves nothing behind', async ({ skip }) => {
    if (disk === null) skip(noMounting);
    const before = await runIds(stage.workspace);
    await openFile(page, 'small.mmoe.json');
    await forget(page);
    const ballast = await fill(stage.workspace);
    await runCommand(page, 'MMoE: Train');
    await meetNotification(page, /the disk is full.*make room, and do it again/);
    await picture(page, 'full-disk-at-start');
    expect(await notifications(page)).toHaveLength(1);
    expect(await runIds(stage.workspace)).toEqual(before);
    await rm(ballast);
  });

  it('a disk that becomes read-only is told, and its runs can be looked at', async ({ skip }) => {
    if (disk === null) skip(noMounting);
    const name = shownName(await runThatIs('stopped', stage));
    const before = await runIds(stage.workspace);
    await openFile(page, 'small.mmoe.json');
    await forget(page);
    expect(spawnSync('mount', ['-o', 'remount,ro', stage.workspace]).status).toBe(0);
    try {
      await runCommand(page, 'MMoE: Train');
      await meetNotification(page, /the disk is read-only.*make it writable/);
      await picture(page, 'read-only');
      expect(await notifications(page)).toHaveLength(1);
      await forget(page);
      await fromMenu(page, runRow(page, 'stopped'), 'Star Run');
      await meetNotification(page, /[Tt]he disk is read-only.*make it writable/);
      await forget(page);
      await fromMenu(page, runRow(page, 'stopped'), 'Delete Run');
      await meetNotification(page, /[Tt]he disk is read-only.*make it writable/);
      await openRun(page, { name });
      await new RunPage(page).waitForText(name);
      await picture(page, 'read-only-run');
      expect(await notifications(page)).toHaveLength(1);
      expect(await runIds(stage.workspace)).toEqual(before);
    } finally {
      spawnSync('mount', ['-o', 'remount,rw', stage.workspace]);
    }
  });
});

describe('a workspace', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage(longExperimentFile);
    page = await stage.open();
    await openContainer(page, 'MMoE');
  });
  afterAll(() => stage.close());

  it('whose runs cannot be read does not say that there are none, and shows them again', async () => {
    await runThatIs('stopped', stage);
    await runRow(page, 'stopped').waitFor();
    const runs = join(stage.workspace, '.mmoe/runs');
    await rename(runs, `${runs}-elsewhere`);
    await symlink(`${runs}-elsewhere`, runs);
    await runsPane(page)
      .getByText(/cannot be read.*link/)
      .waitFor();
    await picture(page, 'unreadable-runs');
    await page.reload();
    await openContainer(page, 'MMoE');
    await runsPane(page)
      .getByText(/cannot be read.*link/)
      .waitFor();
    await picture(page, 'unreadable-runs-at-first');
    expect(await runsPane(page).getByText('No runs yet').isVisible()).toBe(false);
    await rm(runs);
    await rename(`${runs}-elsewhere`, runs);
    await runRow(page, 'stopped').waitFor();
    await runsPane(page)
      .getByText(/cannot be read/)
      .waitFor({ state: 'hidden' });
  });

  it('that is deleted while it is open is said to be gone, and is there again when it is back', async () => {
    const name = shownName(await runThatIs('stopped', stage));
    await openRun(page, { name });
    const elsewhere = `${stage.workspace}-elsewhere`;
    await rename(stage.workspace, elsewhere);
    try {
      await runsPane(page)
        .getByText(/is no longer there/)
        .waitFor();
      await runRow(page, 'stopped').waitFor({ state: 'hidden' });
      await picture(page, 'folder-gone');
    } finally {
      await rename(elsewhere, stage.workspace);
    }
    await runRow(page, 'stopped').waitFor();
  });
});

describe('two windows on one workspace', () => {
  let stage: Stage;
  let one: Page;
  let other: Page;

  beforeAll(async () => {
    stage = await setStage(longExperimentFile);
    [one, other] = [await stage.open(), await stage.open()];
    for (const page of [one, other]) await openContainer(page, 'MMoE');
  });
  afterAll(() => stage.close());

  it('a run that one starts is seen, stopped, resumed and deleted in the other', async () => {
    await openFile(one, 'long.mmoe.json');
    await runCommand(one, 'MMoE: Train');
    const [id] = await eventually('a run', async () => {
      const ids = await runIds(stage.workspace);
      return ids.length > 0 && ids;
    });
    for (const page of [one, other]) await runRow(page, /epoch \d+ of 300/).waitFor();
    const name = shownName(await manifest(stage.workspace, id!));
    await openRun(other, { name });
    await new RunPage(other).waitForText(/epoch \d+ of 300/);
    await picture(one, 'two-windows-one');
    await picture(other, 'two-windows-other');

    await new RunPage(other).button('Stop').click();
    for (const page of [one, other]) await runRow(page, 'stopped').waitFor();
    await new RunPage(other).button('Resume').click();
    for (const page of [one, other]) await runRow(page, /epoch \d+ of 300/).waitFor();
    await new RunPage(one).button('Stop').click();
    for (const page of [one, other]) await runRow(page, 'stopped').waitFor();

    await untilItWorks('both resume at once, and one of them does', async () => {
      await Promise.all([one, other].map((page) => new RunPage(page).button('Resume').click()));
      await eventually('training', async () => (await statusOf(stage.workspace, id!)) === 'running');
    });
    for (const page of [one, other]) await runRow(page, /epoch \d+ of 300/).waitFor();
    await picture(one, 'resumed-twice-one');
    await picture(other, 'resumed-twice-other');
    await new RunPage(one).button('Stop').click();
    for (const page of [one, other]) {
      await runRow(page, 'stopped').waitFor();
      expect(await notifications(page)).toEqual([]);
    }

    // Both edit it at once: neither edit is lost.
    await Promise.all([
      fromMenu(one, runRow(one, 'stopped'), 'Star Run'),
      runCommand(other, 'MMoE: Rename Run…').then(async () => {
        await quickInput(other).fill('renamed');
        await quickInput(other).press('Enter');
      }),
    ]);
    for (const page of [one, other]) await runRow(page, /renamed.*★/).waitFor();
    expect(await manifest(stage.workspace, id!)).toMatchObject({ name: 'renamed', starred: true });

    await fromMenu(other, runRow(other, 'renamed'), 'Delete Run');
    await meetNotification(other, 'was moved to the trash');
    await runRow(one, 'renamed').waitFor({ state: 'hidden' });
    await new RunPage(one).waitForText(/no longer there/);
    await picture(one, 'two-windows-deleted');
    expect(await notifications(one)).toHaveLength(0);
    expect(await notifications(other)).toHaveLength(1);
  });
});
