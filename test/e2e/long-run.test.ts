import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.mjs';
import { missingForRealHost } from '../real-host/prerequisites.mjs';
import { openContainer } from '../real-host/workbench.mjs';
import { RunPage } from './run-page.js';
import { events, manifest, openRun, runIds } from './runs-view.js';
import { setStage, type Stage } from './stage.js';

const rows = Array.from({ length: 60 }, (_, at) => `${at % 7},${at % 7 > 3 ? 1 : 0}`);
const experiment = JSON.stringify({
  data: { source: 'sales.csv' },
  tasks: [{ label: 'bought', kind: 'binary' }],
  model: { experts: { count: 2, layers: [4] } },
  training: { epochs: 400 },
});

describe.skipIf(missingForRealHost({ browser: true }) !== null)('a run with a long log', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await setStage({
      'sales.mmoe.json': experiment,
      'sales.csv': `age,bought\n${rows.join('\n')}\n`,
    });
    stage.terminal('train', 'sales.mmoe.json');
    await eventually('a run that has finished', async () => {
      const [id] = await runIds(stage.workspace);
      return (
        id !== undefined && (await manifest(stage.workspace, id).catch(() => null))?.status === 'finished'
      );
    });
    page = await stage.open();
    await openContainer(page, 'MMoE');
  });
  afterAll(() => stage.close());

  it('comes to its page whole: each epoch stands in the table behind its curves', async () => {
    const [id] = await runIds(stage.workspace);
    const run = await manifest(stage.workspace, id!);
    await openRun(page, run);
    const table = await new RunPage(page).table('Curves');
    const epochs = (await events(stage.workspace, id!)).filter(({ type }) => type === 'epoch');
    expect(epochs).toHaveLength(401);
    expect(table.at(-1)![0]).toBe('400');
  });
});
