import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { percentDone } from '../../../src/shared/numbers.js';
import type { RunAction } from '../../../src/shared/messages/run-protocol.js';
import { isLive } from '../../../src/shared/run/run-status.js';
import { s } from '../../strings.js';
import '../../ui/menu.js';
import { headerStyles } from '../../ui/theme/header-styles.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import { styled } from '../../ui/theme/styled.js';
import type { ShownRun } from '../model/run-feed.js';
import { progressText, shareDone } from './progress-text.js';
import { act, runButtons, runMenu } from './run-actions.js';
import { outsideFact, runFacts, vocabularyFact } from './run-facts.js';

/** The head of the page: the run's name, how far it is, and buttons that ask the page to `act`. */
@customElement('mmoe-run-header')
export class RunHeader extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    headerStyles,
    css`
      .star {
        color: var(--dim);
        width: 14px;
        height: 14px;
        fill: currentcolor;
      }
      .link {
        color: var(--vscode-textLink-foreground, var(--fg));
      }
      .link:hover {
        text-decoration: underline;
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;
  /** What the run is called among others. */
  @property() name = '';

  override render() {
    const { manifest, status, history } = this.run;
    const share = shareDone(history);
    return html`<div class="row">
        <h1 title=${manifest.name}>${this.name}</h1>
        ${manifest.starred ? star() : nothing}
        <span class="pill ${status}">${s(status)}</span>
        <span class="dim number">${progressText(history, manifest, status)}</span>
        <span class="space"></span>
        <div class="actions">
          ${runButtons(status, this.run.canTrain).map(
            ({ action, label, isPrimary }) =>
              html`<vscode-button
                appearance=${isPrimary ? 'primary' : 'secondary'}
                @click=${() => act(this, action)}
                >${label}</vscode-button
              >`,
          )}
          <mmoe-menu
            big
            label=${s('more')}
            .items=${runMenu(manifest, status)}
            @pick=${(event: CustomEvent<RunAction>) => act(this, event.detail)}
          ></mmoe-menu>
        </div>
      </div>
      <div class="facts dim small number">${this.facts()}</div>
      <div
        class="bar ${status === 'running' ? '' : 'done'}"
        role="progressbar"
        aria-label=${s('progress')}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percentDone(share ?? 0)}
      >
        <i ${styled({ width: `${(share ?? 0) * 100}%` })}></i>
      </div>`;
  }

  private facts() {
    const { manifest, status } = this.run;
    const facts = runFacts(manifest);
    if (facts.length === 0 && isLive({ status })) facts.push(s('preparing'));
    const { experimentFile, engine } = manifest;
    const more = [vocabularyFact(manifest), outsideFact(manifest)].filter((fact) => fact !== null);
    return html`<span title=${engine?.why ?? ''}>${facts.join(' · ')}</span>${more.map(
        ({ text, detail }) => html` · <span title=${detail}>${text}</span>`,
      )}${
        experimentFile === null
          ? nothing
          : html`${facts.length > 0 ? ' · ' : nothing}<button
                class="link"
                title=${s('openExperiment')}
                @click=${() => act(this, 'openExperiment')}
              >
                ${experimentFile}
              </button>`
      }`;
  }
}

const star = () =>
  html`<svg class="star" viewBox="0 0 16 16" role="img" aria-label=${s('starred')}>
    <path d="M8 1.2l2.1 4.4 4.8.6-3.5 3.3.9 4.8L8 11.9l-4.3 2.4.9-4.8L1.1 6.2l4.8-.6z" />
  </svg>`;
