import * as vscode from 'vscode';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { execute, readSetting } from '../contributions/editor-names.js';
import { t } from '../editor/localise.js';
import type { RunCollection } from '../runs/run-collection.js';
import { metricsText } from '../runs/run-description.js';
import { isLive } from '../../shared/run/run-status.js';

const storedAs = 'mmoe.startedRuns';
const remembered = 200;

/**
 * Announces the end of runs that were started from windows of this workspace, unless they are being looked
 * at.
 */
export class RunAnnouncements implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  /** The comparisons that this window has started and that have no runs yet. */
  private readonly comparisons = new Set<string>();

  constructor(
    runs: RunCollection,
    private readonly memory: vscode.Memento,
    private readonly asked: {
      isLookedAt(runFolder: string): boolean;
      /** Whether the death of its trainer is told by whoever has started it. */
      isTold(runFolder: string): boolean;
    },
  ) {
    this.subscription = runs.onDidChange(({ changed }) => {
      for (const { run, before } of changed) {
        const { entry } = run;
        if (entry.state === 'ok') this.tellLeftOut(entry.manifest.comparison);
        if (entry.state !== 'ok' || before?.state !== 'ok') continue;
        const wasLive = isLive(before);
        if (wasLive && entry.status === 'finished')
          this.finished(entry.folder, runs.names.full(run), metricsText(entry.manifest));
        if (wasLive && entry.status === 'interrupted') this.interrupted(entry.folder, runs.names.full(run));
      }
    });
  }

  /** Announces the end of a run from now on, also after the window was reloaded. */
  async follow(runFolder: string): Promise<void> {
    await this.memory.update(storedAs, [...this.followed().slice(1 - remembered), runFolder]);
  }

  /** Tells which variants a comparison leaves out, as soon as it has runs, which name them. */
  followComparison(id: string): void {
    this.comparisons.add(id);
  }

  private tellLeftOut(comparison: RunManifest['comparison']): void {
    if (comparison === null || !this.comparisons.delete(comparison.id)) return;
    const { leftOut = [] } = comparison;
    const [first] = leftOut;
    if (first === undefined) return;
    const names = leftOut.map(({ variant }) => variant).join(', ');
    const message =
      leftOut.length === 1
        ? t('{0} is left out: {1}', names, first.why)
        : t('These variants are left out: {0}. {1}', names, first.why);
    void vscode.window.showWarningMessage(message);
  }

  private followed(): readonly string[] {
    return this.memory.get<string[]>(storedAs, []);
  }

  private wanted(runFolder: string): boolean {
    return (
      readSetting('mmoe.notifyWhenRunEnds') &&
      this.followed().includes(runFolder) &&
      !this.asked.isLookedAt(runFolder)
    );
  }

  private finished(runFolder: string, name: string, metrics: string): void {
    if (!this.wanted(runFolder)) return;
    const open = t('Open');
    const message = metrics === '' ? t('{0} has finished.', name) : t('{0} has finished: {1}', name, metrics);
    void vscode.window
      .showInformationMessage(message, open)
      .then((answer) => (answer === open ? execute('mmoe.openRun', runFolder) : undefined));
  }

  private interrupted(runFolder: string, name: string): void {
    if (!this.wanted(runFolder) || this.asked.isTold(runFolder)) return;
    const resume = t('Resume');
    const log = t('Open Log');
    void vscode.window
      .showWarningMessage(
        t('{0} was interrupted: its trainer is gone. It can be resumed from its last checkpoint.', name),
        resume,
        log,
      )
      .then((answer) => {
        if (answer === resume) return execute('mmoe.resume', runFolder);
        return answer === log ? execute('mmoe.openLog', runFolder) : undefined;
      });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
