import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dist } from '../../scripts/paths.mjs';
import { runManifestSchema } from '../../src/shared/run/run-manifest.js';
import { runEventSchema } from '../../src/shared/run/run-events.js';
import { missingForRealHost, node24 } from '../real-host/prerequisites.mjs';

const program = join(dist, 'cli.js');
// npm's scripts find the package of Node 24 first on their PATH: the machine's own Node is the one that npm
// runs on.
const machineNode = process.env['npm_node_execpath'] ?? process.execPath;
const nodes: { name: string; node: string; missing: string | null }[] = [
  { name: "the machine's Node", node: machineNode, missing: null },
];
if (node24 !== machineNode)
  nodes.push({ name: 'Node 24', node: node24, missing: missingForRealHost({ browser: false }) });

describe.each(nodes)('the built program on $name', ({ node, missing }) => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mmoe-program-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const mmoe = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(node, [program, ...args], { cwd: folder })).stdout;

  it('trains a sample experiment and lists the run', async ({ skip }) => {
    if (missing !== null) skip(missing);
    await mmoe('sample', 'ws');
    const experiments = (await readdir(join(folder, 'ws')))
      .filter((name) => name.endsWith('.mmoe.json'))
      .sort();
    expect(experiments.length).toBeGreaterThan(0);
    for (const experiment of experiments) {
      const printed = await mmoe('train', join('ws', experiment), '--json', '--set', 'training.epochs=2');
      const manifest = v.parse(runManifestSchema, JSON.parse(printed));
      expect(manifest.status).toBe('finished');
      const log = await readFile(join(folder, 'ws/.mmoe/runs', manifest.id, 'events.jsonl'), 'utf8');
      const events = log
        .trimEnd()
        .split('\n')
        .map((line) => v.parse(runEventSchema, JSON.parse(line)));
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(events.at(-1)?.type).toBe('end');
    }
    const listed = v.parse(
      v.array(v.looseObject({})),
      JSON.parse(await mmoe('runs', '--runs', 'ws/.mmoe/runs', '--json')),
    );
    expect(listed).toHaveLength(experiments.length);
  });

  it('ends with code 2 and one line for a file that is not there', async ({ skip }) => {
    if (missing !== null) skip(missing);
    const failed = await mmoe('train', 'nowhere.mmoe.json').then(
      () => null,
      (error: unknown) => v.parse(v.looseObject({ code: v.number(), stderr: v.string() }), error),
    );
    expect(failed?.code).toBe(2);
    expect(failed?.stderr).toMatch(/^error: .*nowhere\.mmoe\.json/);
    expect(failed?.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
