import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { ShownRun } from '../model/run-feed.js';
import { banners } from './banners.js';
import { act } from './run-actions.js';

/** The banners above the charts, with buttons that ask the page to `act`. */
@customElement('mmoe-state-banner')
export class StateBanner extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        margin-top: 16px;
        padding: 10px 14px;
        border: 1px solid var(--line);
        border-left: 3px solid var(--dim);
        border-radius: 4px;
        background: var(--card);
      }
      .error {
        border-left-color: var(--bad);
      }
      .warning {
        border-left-color: var(--warn);
      }
      p {
        flex: 1 1 320px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      vscode-button[appearance='secondary'] {
        background: var(--button);
        color: var(--fg);
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;

  override render() {
    return banners(this.run).map(
      ({ kind, text, detail, actions }) =>
        html`<div class=${kind} role=${kind === 'error' ? 'alert' : 'status'}>
          <p>${text}${detail ? html`<br /><span class="dim small">${detail}</span>` : nothing}</p>
          ${actions.map(
            ({ action, label }) =>
              html`<vscode-button appearance="secondary" @click=${() => act(this, action)}
                >${label}</vscode-button
              >`,
          )}
        </div>`,
    );
  }
}
