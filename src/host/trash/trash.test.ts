import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeManifest, temporaryRun } from '../runs/temporary-run.fixture.js';
import {
  discardTrashed,
  keptMilliseconds,
  moveToTrash,
  nameOfTrashed,
  restore,
  trashedRuns,
} from './trash.js';

const now = Date.parse('2026-11-24T12:00:00Z');
const noSystemTrash = () => Promise.reject(new Error('no trash here'));

describe('the trash of runs', () => {
  it('gives a run back whole', async () => {
    const { folder, runsFolder } = await temporaryRun();
    const trashed = await moveToTrash(folder, now);
    expect(existsSync(folder)).toBe(false);
    expect(await trashedRuns(runsFolder)).toEqual([trashed]);
    expect(await nameOfTrashed(trashed)).toBe('census mmoe');
    await restore(trashed);
    expect(existsSync(join(folder, 'run.json'))).toBe(true);
    expect(await trashedRuns(runsFolder)).toEqual([]);
  });

  it('does not write over a run that is there again', async () => {
    const { folder } = await temporaryRun();
    const trashed = await moveToTrash(folder, now);
    await mkdir(folder);
    await expect(restore(trashed)).rejects.toThrow(/there is a run/);
    expect(existsSync(trashed.folder)).toBe(true);
  });

  it('lies outside the runs folder, where nothing lists it as a run', async () => {
    const { folder, runsFolder } = await temporaryRun();
    const trashed = await moveToTrash(folder, now);
    expect(dirname(dirname(trashed.folder))).toBe(dirname(runsFolder));
    expect(trashed.folder.startsWith(runsFolder)).toBe(false);
  });

  it('hands over to the system’s trash what is old enough, and leaves the rest', async () => {
    const { folder, runsFolder } = await temporaryRun();
    const trashed = await moveToTrash(folder, now);
    const given: string[] = [];
    const toSystemTrash = async (path: string): Promise<void> => {
      given.push(path);
      await rm(path, { recursive: true });
    };
    await discardTrashed(await trashedRuns(runsFolder), { toSystemTrash, now }, now - 1);
    expect(given).toEqual([]);
    await discardTrashed(await trashedRuns(runsFolder), { toSystemTrash, now }, now);
    expect(given).toEqual([trashed.folder]);
  });

  it('goes through no link: neither what lies behind it is listed, nor is a run moved there', async () => {
    const { folder, runsFolder } = await temporaryRun();
    const { folder: elsewhere } = await moveToTrash((await temporaryRun()).folder, now);
    await symlink(dirname(elsewhere), join(dirname(runsFolder), 'trash'));
    expect(await trashedRuns(runsFolder)).toEqual([]);
    await expect(moveToTrash(folder, now)).rejects.toThrow(/trash is a link/);
    expect(existsSync(folder)).toBe(true);
  });

  it('keeps a run for a week where the system has no trash', async () => {
    const { folder } = await temporaryRun();
    const trashed = await moveToTrash(folder, now);
    const later = now + keptMilliseconds;
    await discardTrashed([trashed], { toSystemTrash: noSystemTrash, now: later }, Infinity);
    expect(existsSync(trashed.folder)).toBe(true);
    await discardTrashed([trashed], { toSystemTrash: noSystemTrash, now: later + 1 }, Infinity);
    expect(existsSync(trashed.folder)).toBe(false);
  });

  it('names a run that cannot be read by its id', async () => {
    const { folder, id } = await temporaryRun();
    await changeManifest(folder, { seed: Number.NaN });
    expect(await nameOfTrashed(await moveToTrash(folder, now))).toBe(id);
  });
});
