import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { s } from '../../strings.js';
import { stateChooser } from '../../ui/page/page-events.js';
import '../../ui/segment.js';
import type { SegmentChoice } from '../../ui/segment.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import type { Axis } from './curves.js';

export interface CurveChoices {
  readonly metric: string | null;
  readonly axis: Axis;
  /** 0 … 0.99 */
  readonly smoothing: number;
  readonly log: boolean;
}

const choose = stateChooser<CurveChoices>();

/** The tools above curves, which choose what these show and how. Asks the page to `remember` each choice. */
@customElement('mmoe-curve-tools')
export class CurveTools extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 8px;
        align-items: center;
      }
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
      input {
        appearance: none;
        width: 52px;
        height: 14px;
        margin: 0;
        background: linear-gradient(var(--dim), var(--dim)) center / 100% 1px no-repeat;
        cursor: pointer;
      }
      input::-webkit-slider-thumb {
        appearance: none;
        width: 9px;
        height: 9px;
        border-radius: 5px;
        background: var(--dim);
      }
      input:hover::-webkit-slider-thumb,
      input:focus-visible::-webkit-slider-thumb {
        background: var(--fg);
      }
      .log {
        border-color: var(--line);
        font-size: 11px;
        line-height: 1.45;
        padding: 1px 8px;
        color: var(--dim);
      }
      .log[aria-pressed='true'] {
        background: var(--chosen);
        color: var(--chosen-fg);
      }
      .looks {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 8px;
        align-items: center;
      }
    `,
  ];

  @property({ attribute: false }) metrics: readonly SegmentChoice[] = [];
  @property({ attribute: false }) axes: readonly Axis[] = [];
  @property({ attribute: false }) choices!: CurveChoices;

  override render() {
    const { metric, axis, smoothing, log } = this.choices;
    return html`<mmoe-segment
        label=${s('metric')}
        .choices=${this.metrics}
        value=${metric ?? ''}
        @choose=${(event: CustomEvent<string>) => choose(this, { metric: event.detail })}
      ></mmoe-segment>
      <span class="space"></span>
      <div class="looks">
        <label class="dim small"
          >${s('smoothing')}
          <input
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            .value=${String(smoothing)}
            @input=${this.onSmooth}
          />
        </label>
        <mmoe-segment
          label=${s('axis')}
          .choices=${this.axes.map((value) => ({ value, label: s(value) }))}
          value=${axis}
          @choose=${(event: CustomEvent<Axis>) => choose(this, { axis: event.detail })}
        ></mmoe-segment>
        <button
          class="log"
          aria-pressed=${log}
          title=${s('logAxis')}
          @click=${() => choose(this, { log: !log })}
        >
          ${s('log')}
        </button>
      </div>`;
  }

  private readonly onSmooth = ({ target }: InputEvent): void =>
    choose(this, { smoothing: Number((target as HTMLInputElement).value) });
}
