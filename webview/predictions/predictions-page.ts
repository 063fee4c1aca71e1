import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Predictions, PredictionsPageToHost } from '../../src/shared/messages/predictions-protocol.js';
import { formatCount } from '../../src/shared/numbers.js';
import { s } from '../strings.js';
import type { Host } from '../ui/page/host.js';
import { Page } from '../ui/page/page.js';
import { headerStyles } from '../ui/theme/header-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import './found-card.js';
import './rows-card.js';
import './scores-card.js';
import './slices-card.js';
import { PredictionsFeed } from './model/predictions-feed.js';
import { restorePredictionsPageState, type PredictionsPageState } from './model/predictions-page-state.js';

/** Predictions that have been written: how good they are, what the model knew nothing of, and the rows. */
@customElement('mmoe-predictions-page')
export class PredictionsPage extends Page<PredictionsPageState> {
  static override readonly styles = [
    sharedStyles,
    headerStyles,
    css`
      :host {
        position: static;
        border: 0;
        padding: 12px 20px 20px;
      }
      .grid {
        display: grid;
        gap: 16px;
        margin-top: 16px;
        grid-template-columns: minmax(0, 1fr);
      }
      .gone {
        margin: 12px 0;
        max-width: 80ch;
      }
    `,
  ];

  protected override readonly feed: PredictionsFeed;

  constructor(private readonly host: Host<PredictionsPageToHost>) {
    super(host, restorePredictionsPageState);
    this.feed = new PredictionsFeed({
      dropped: (reason) => this.reportDropped(reason),
      changed: () => this.drawSoon(),
    });
  }

  protected override askForAll(): void {
    this.host.post({ type: 'ready' });
  }

  /** The host learns from this after a reload which predictions they are. */
  protected override beforeDrawing(): void {
    const { predictions } = this.feed;
    if (predictions !== null && predictions.kept !== this.choices.kept)
      this.remember({ kept: predictions.kept });
  }

  override render() {
    const { predictions, isGone } = this.feed;
    if (isGone) return this.gone();
    if (predictions === null) return nothing;
    const { choices } = this;
    return html`<main>
      ${this.head(predictions)}
      <div class="grid">
        <mmoe-scores-card .predictions=${predictions} .choices=${choices}></mmoe-scores-card>
        ${
          predictions.report.by?.length
            ? html`<mmoe-slices-card .predictions=${predictions} .choices=${choices}></mmoe-slices-card>`
            : nothing
        }
        <mmoe-found-card .predictions=${predictions} .choices=${choices}></mmoe-found-card>
        <mmoe-rows-card .predictions=${predictions} .choices=${choices}></mmoe-rows-card>
      </div>
    </main>`;
  }

  private gone() {
    return html`<main>
      <p class="gone" role="status">${s('predictionsGone')}</p>
      <vscode-button @click=${() => this.host.post({ type: 'predict' })}>${s('predictAgain')}</vscode-button>
    </main>`;
  }

  private head({ title, report, runNames }: Predictions) {
    const { rows, source, out } = report;
    const open = (what: 'file' | 'folder') => this.host.post({ type: 'open', what });
    return html`<div class="row">
        <h1>${title}</h1>
        <span class="space"></span>
        <div class="actions">
          <vscode-button appearance="secondary" @click=${() => open('file')}>${s('openFile')}</vscode-button>
          <vscode-button appearance="secondary" @click=${() => open('folder')}
            >${s('revealFile')}</vscode-button
          >
        </div>
      </div>
      <p class="facts dim small">
        ${[s('rowsOfSource', formatCount(rows), source), s('predictedBy', runNames.join(', ')), out].join(' · ')}
      </p>`;
  }
}
