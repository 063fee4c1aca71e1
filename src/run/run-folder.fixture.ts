import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../shared/run/run-events.js';
import type { ProcessProbe } from './liveness.js';

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-run-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A machine of the test's own making. */
export function probe(
  processes: Record<number, string | null>,
  machine: { host?: string; bootId?: string | null } = {},
): ProcessProbe {
  return {
    host: machine.host ?? 'here',
    bootId: machine.bootId === undefined ? 'boot 1' : machine.bootId,
    find: async (pid) => (pid in processes ? { startedAt: processes[pid] ?? null } : null),
  };
}

export function stepEvent(seq: number): Extract<RunEvent, { type: 'step' }> {
  return {
    seq,
    type: 'step',
    time: seq / 10,
    step: seq,
    epoch: 1,
    losses: { income: 1 / seq, 'größe 😀': null },
  };
}
