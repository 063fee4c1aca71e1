import * as vscode from 'vscode';
import type { CommandId } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import { isReadable, type ReadableRun, type RunCollection } from './run-collection.js';
import { formatProgress } from '../../shared/numbers.js';
import { shareTrained } from '../../shared/run/training-progress.js';
import { trainingProgressText, timeLeftText } from './run-progress-text.js';
import { isLive } from '../../shared/run/run-status.js';
import { plainText } from '../editor/plain-text.js';
import { WholeProgress } from './whole-progress.js';

/**
 * The status bar’s item that says how far training is, while anything trains in this workspace; a click opens
 * it.
 */
export class TrainingStatus implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly subscription: vscode.Disposable;
  private readonly whole = new WholeProgress();

  constructor(private readonly runs: RunCollection) {
    this.item = vscode.window.createStatusBarItem('mmoe.training', vscode.StatusBarAlignment.Left, 10);
    this.item.name = t('MMoE Training');
    const command: CommandId = 'mmoe.showRunning';
    this.item.command = command;
    this.subscription = runs.onDidChange(() => this.update());
    this.update();
  }

  private update(): void {
    const live = liveRuns(this.runs);
    const [first] = live;
    const whole = this.whole.of(this.runs.runs.filter(isReadable));
    if (first === undefined || whole === null) {
      this.item.hide();
      return;
    }
    this.item.text = `$(sync~spin) ${whole.runs === 1 ? this.one(first) : severalText(whole)}`;
    this.item.tooltip = live
      .map(({ entry, workspace }) => {
        const texts = [trainingProgressText(entry), timeLeftText(entry)];
        return `${plainText(this.runs.names.full({ entry, workspace }))}: ${texts.filter((text) => text !== null).join(' · ')}`;
      })
      .join('\n');
    this.item.accessibilityInformation = {
      label: this.item.text.replace('$(sync~spin) ', t('MMoE, training: ')),
    };
    this.item.show();
  }

  private one(run: ReadableRun): string {
    const { entry } = run;
    const name = plainText(this.runs.names.full(run));
    const share = shareTrained(entry.progress);
    if (share === null) return `${name} · ${entry.status === 'queued' ? t('queued') : t('starting')}`;
    const left = timeLeftText(entry);
    return [name, formatProgress(share), ...(left === null ? [] : [left])].join(' · ');
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }
}

/** Says how far all of them are, those that have ended and those that are still to begin. */
const severalText = ({ runs, share }: { runs: number; share: number }): string =>
  `${t('{0} runs', runs)} · ${formatProgress(share)}`;

/** Returns the running and queued runs, the running ones first. */
export function liveRuns(runs: RunCollection): ReadableRun[] {
  const live = runs.runs.filter(isReadable).filter(({ entry }) => isLive(entry));
  return live.sort((a, b) => Number(b.entry.status === 'running') - Number(a.entry.status === 'running'));
}
