import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { packagePath } from '../../scripts/package/package-extension.mjs';
import { holder, systemProbe } from '../../src/run/liveness.js';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { runIdsIn } from '../run-ids.js';
import { launchChromium } from '../real-host/chromium.mjs';
import { startServer, type Server } from '../real-host/server.mjs';
import { openWorkbench } from '../real-host/workbench.mjs';

/**
 * A journey plays on a stage: a workspace, a clean VS Code with the package installed and no programs on its
 * PATH, and a browser.
 */
export interface Stage {
  readonly workspace: string;
  readonly server: Server;
  /** The folder that the package was installed to. */
  readonly extension: string;
  /** Opens a window. */
  open(size?: { width: number; height: number }): Promise<Page>;
  /** Runs the installed package's program in a process of its own, as a terminal does. */
  terminal(...args: string[]): ChildProcess;
  /**
   * Ends and deletes all that belongs to the stage; throws where a page asked for what its policy forbids.
   */
  close(): Promise<void>;
}

/** The windows that are open: setup.ts takes their pictures where a step fails. */
export const openPages: Page[] = [];

/** Sets a stage whose workspace has these files, by their paths. */
export async function setStage(
  files: Record<string, string>,
  {
    workspace: given,
    ...options
  }: {
    settings?: Record<string, unknown>;
    trust?: boolean;
    /** An empty folder of the test's own, which the test removes. */
    workspace?: string;
  } = {},
): Promise<Stage> {
  const workspace = given ?? (await mkdtemp(join(tmpdir(), 'mm-ws-')));
  await mkdir(join(workspace, '.vscode'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(workspace, path, '..'), { recursive: true });
    await writeFile(join(workspace, path), text);
  }
  const server = await startServer({
    ...options,
    extensions: [await packagePath()],
    env: { PATH: join(workspace, 'no-programs') },
  });
  const extension = join(
    server.folder,
    'ext',
    (await readdir(join(server.folder, 'ext'))).find((name) => name.startsWith('mmoe.mmoe-')) ?? 'none',
  );
  const browser = await launchChromium().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const { close, ...others } = actions(workspace, server, extension, browser);
  return {
    ...{ workspace, server, extension, ...others },
    close: async () => {
      await close();
      if (given === undefined)
        await rm(workspace, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function actions(
  workspace: string,
  server: Server,
  extension: string,
  browser: Browser,
): Pick<Stage, 'open' | 'terminal' | 'close'> {
  const started: ChildProcess[] = [];
  const violations: string[] = [];
  return {
    open: async (size) => {
      const page = await openWorkbench(browser, server, workspace, size);
      openPages.push(page);
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) violations.push(message.text());
      });
      return page;
    },
    terminal: (...args) => {
      const child = spawn(process.execPath, [join(extension, 'dist/cli.js'), ...args], {
        cwd: workspace,
        stdio: 'ignore',
      });
      started.push(child);
      return child;
    },
    close: async () => {
      for (const child of started) child.kill('SIGKILL');
      openPages.length = 0;
      await browser.close();
      await server.stop();
      await endTrainers(workspace);
      if (violations.length > 0)
        throw new Error(`a page asked for what its policy forbids:\n${violations.join('\n')}`);
    },
  };
}

/** Ends trainers: they outlive the editor on purpose, and a step that failed half-way may have left one. */
async function endTrainers(workspace: string): Promise<void> {
  const runs = runsFolderFor(workspace);
  for (const id of await runIdsIn(runs)) {
    const pid = await holder(join(runs, id), systemProbe(), Date.now());
    if (pid !== null) process.kill(pid, 'SIGKILL');
  }
}
