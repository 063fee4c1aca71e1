import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatMetric } from '../../../src/shared/numbers.js';
import type { StudyLine } from '../../../src/shared/study/line.js';
import { nameOf } from '../../../src/shared/study/results.js';
import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import { askPage } from '../../ui/page/page-events.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import { chooseOnStudyPage } from '../model/study-page-state.js';

declare global {
  interface HTMLElementEventMap {
    /** The key of the training that is to be trained again as a run, and the id of its run, if it is one already. */
    'open-as-run': CustomEvent<{ readonly key: string; readonly run: string | null }>;
  }
}

/** What is known of the training that a person has clicked. Asks the page to `open-as-run`. */
@customElement('mmoe-picked-run')
export class PickedRun extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    css`
      :host {
        position: sticky;
        bottom: 0;
        z-index: 4;
        margin-top: 16px;
        padding: 10px 14px;
        border: 1px solid var(--line);
        border-left: 3px solid var(--vscode-focusBorder, #0078d4);
        border-radius: 4px;
        background: var(--card);
        box-shadow: 0 -2px 8px var(--vscode-widget-shadow, transparent);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
      }
      h2 {
        font-size: 13px;
        font-weight: 600;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .close {
        width: 22px;
        height: 22px;
        color: var(--dim);
      }
      .close:hover {
        color: var(--fg);
      }
      vscode-button[appearance='secondary'] {
        background: var(--button);
        color: var(--fg);
      }
    `,
  ];

  @property({ attribute: false }) line!: StudyLine;
  @property({ type: Boolean }) canTrain = false;

  override render() {
    const { line } = this;
    const { target, threads, name } = line.engine;
    const engine = threads === 1 ? s('oneThread') : s('threads', threads);
    return html`<section class="row" aria-label=${s('pickedRun')}>
      <h2>${[nameOf(line), s('seed', line.seed)].filter((part) => part !== '').join(' · ')}</h2>
      ${this.metrics().map((text) => html`<span class="number">${text}</span>`)}
      <span class="dim small number"
        >${[
          ...(line.bestEpoch === null ? [] : [s('lineEpoch', line.bestEpoch, line.epochs)]),
          s('lineSeconds', line.seconds),
          s('lineEngine', name, target, engine),
          line.version,
        ].join(' · ')}</span
      >
      <span class="space"></span>
      ${
        this.canTrain || line.run !== undefined
          ? html`<vscode-button
              appearance="secondary"
              title=${s(line.run === undefined ? 'openAsRunTitle' : 'openKeptRunTitle')}
              @click=${() => askPage(this, 'open-as-run', { key: line.key, run: line.run ?? null })}
              >${s(line.run === undefined ? 'openAsRun' : 'openKeptRun')}</vscode-button
            >`
          : nothing
      }
      <button
        class="close"
        title=${s('closeRun')}
        aria-label=${s('closeRun')}
        @click=${() => chooseOnStudyPage(this, { picked: null })}
      >
        ✕
      </button>
    </section>`;
  }

  private metrics(): string[] {
    const { status, test, validation, kinds } = this.line;
    if (status === 'diverged') return [s('lineDiverged')];
    const split = test === null ? 'validation' : 'test';
    return Object.entries(test ?? validation ?? {}).map(([task, metrics]) => {
      const kind = kinds[task];
      const metric = kind === undefined ? 'loss' : mainMetric(kind);
      const main = `${split} ${metricLabel(metric)} ${formatMetric(metrics[metric])}`;
      return `${task}: ${main}, ${metricLabel('loss')} ${formatMetric(metrics['loss'])}`;
    });
  }
}
