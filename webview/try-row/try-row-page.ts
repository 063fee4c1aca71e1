import { css, html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { TriedRun, TryRowPageToHost } from '../../src/shared/messages/try-row-protocol.js';
import { formatCount } from '../../src/shared/numbers.js';
import type { RowValues } from '../../src/shared/prediction/row-messages.js';
import { s } from '../strings.js';
import type { Host } from '../ui/page/host.js';
import { Page } from '../ui/page/page.js';
import { headerStyles } from '../ui/theme/header-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import './cards/row-form-card.js';
import './cards/row-gates-card.js';
import './cards/row-predictions-card.js';
import { RowAsker } from './model/row-asker.js';
import { TryRowFeed } from './model/try-row-feed.js';
import { restoreTryRowState, type TryRowState } from './model/try-row-state.js';

/** A form with one row's values, and what a run predicts for it. */
@customElement('mmoe-try-row-page')
export class TryRowPage extends Page<TryRowState> {
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
        align-items: start;
      }
      @media (min-width: 820px) {
        .grid {
          grid-template-columns: minmax(0, 3fr) minmax(300px, 2fr);
        }
        .aside {
          position: sticky;
          top: 8px;
        }
      }
      .aside {
        display: grid;
        gap: 16px;
        min-width: 0;
      }
      .behind {
        opacity: 0.6;
      }
      .rows {
        margin-top: 10px;
      }
      input {
        width: 9ch;
        font: inherit;
        color: var(--vscode-input-foreground, var(--fg));
        background: var(--vscode-input-background, var(--bg));
        border: 1px solid var(--vscode-input-border, var(--line));
        border-radius: 2px;
        padding: 2px 6px;
      }
      .trouble {
        margin-top: 12px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 12px;
        align-items: center;
      }
    `,
  ];

  protected override readonly feed: TryRowFeed;
  private readonly asker: RowAsker;

  constructor(private readonly host: Host<TryRowPageToHost>) {
    super(host, restoreTryRowState);
    this.asker = new RowAsker((request) => host.post({ type: 'ask', request }));
    this.feed = new TryRowFeed({
      dropped: (reason) => this.reportDropped(reason),
      changed: () => this.drawSoon(),
      listening: () => {
        this.asker.reset();
        this.predict();
      },
      isLatest: (id) => this.asker.take(id),
      readable: () => {
        if (this.choices.values === null) this.asker.row(0);
      },
      filled: ({ row, values }) => {
        this.remember({ row, values });
        return this.asker.predictFilled(values, this.choices.member);
      },
    });
    this.addEventListener('row-value', ({ detail: { column, value } }) => {
      this.remember({ values: { ...this.values, [column]: value } });
      this.predict();
    });
    this.addEventListener('remember', ({ detail }) => {
      if ('member' in detail) this.predict();
    });
    this.addEventListener('keydown', (event) => this.onKey(event));
  }

  protected override askForAll(): void {
    this.host.post({ type: 'ready' });
  }

  protected override beforeDrawing(): void {
    const { run } = this.feed;
    if (run !== null && run.folder !== this.choices.folder) this.remember({ folder: run.folder });
  }

  /** What the form shows: what was written, or else a row of usual values. */
  private get values(): RowValues {
    return this.choices.values ?? this.feed.form?.values ?? {};
  }

  private predict(): void {
    if (this.feed.form !== null) this.asker.predict(this.values, this.choices.member);
  }

  override render() {
    const { run, form, prediction, before, remarks, real } = this.feed;
    if (run === null) return nothing;
    const { choices, values } = this;
    const isBehind = remarks.some(({ is }) => is === 'invalid');
    const isReal = real !== null && isSame(real.values, values);
    return html`<main>
      ${this.head(run)} ${this.trouble()}
      ${
        form === null
          ? nothing
          : html`<div class="grid">
              <mmoe-row-form-card
                .columns=${form.columns}
                .values=${values}
                .remarks=${remarks}
                .choices=${choices}
              ></mmoe-row-form-card>
              <div class="aside ${isBehind ? 'behind' : ''}">
                <mmoe-row-predictions-card
                  .predictions=${prediction?.tasks ?? []}
                  .filledIn=${before?.tasks ?? []}
                  .labels=${isReal ? real.labels : {}}
                  .choices=${choices}
                ></mmoe-row-predictions-card>
                <mmoe-row-gates-card
                  .run=${run}
                  .routes=${prediction?.routes ?? []}
                  .choices=${choices}
                ></mmoe-row-gates-card>
              </div>
            </div>`
      }
    </main>`;
  }

  private head({ name }: TriedRun) {
    const { real, form, table } = this.feed;
    const copy = (): void => {
      const row = Object.fromEntries(
        (form?.columns ?? []).map((one) => [one.name, this.values[one.name] ?? null]),
      );
      this.host.post({ type: 'copy', text: `${JSON.stringify(row, null, 2)}\n` });
    };
    return html`<div class="row">
        <h1>${s('tryRowOf', name)}</h1>
        <span class="space"></span>
        <div class="actions">
          ${button(s('resetRow'), () => this.reset(), real === null && form === null)}
          ${button(s('copyRow'), copy, form === null)}
          ${button(s('openItsRun'), () => this.host.post({ type: 'openRun' }))}
        </div>
      </div>
      ${table === null || table.rows === null ? nothing : this.chooser(table.rows)}`;
  }

  /** From which row of the table the form is filled. */
  private chooser(rows: number) {
    const row = this.choices.row ?? 0;
    const go = (to: number): void => this.asker.row(Math.max(0, Math.min(rows - 1, to)));
    return html`<div class="row rows">
      ${button(s('previousRow'), () => go(row - 1), row === 0)}
      ${button(s('nextRow'), () => go(row + 1), row >= rows - 1)}
      ${button(s('randomRow'), () => this.asker.row(null))}
      <label
        >${s('goToRow')}
        <input
          inputmode="numeric"
          .value=${live(String(row + 1))}
          @change=${(event: Event) => {
            const wanted = Number((event.target as HTMLInputElement).value);
            if (Number.isInteger(wanted)) go(wanted - 1);
            else this.requestUpdate();
          }}
      /></label>
      <span class="dim number">${s('outOfRows', formatCount(rows))}</span>
    </div>`;
  }

  private trouble() {
    const { ended, form, table, refused } = this.feed;
    if (ended !== null)
      return html`<p class="trouble" role="alert">
        ${s('modelEnded', ended)} ${button(s('startAgain'), () => this.restart())}
      </p>`;
    if (form === null) return html`<p class="trouble dim" role="status">${s('startingModel')}</p>`;
    if (table === null) return html`<p class="trouble dim" role="status">${s('readingRows')}</p>`;
    const why = table.why ?? refused;
    return why === null ? nothing : html`<p class="trouble dim" role="status">${s('noTableRows', why)}</p>`;
  }

  private restart(): void {
    this.feed.ended = null;
    this.feed.form = null;
    this.feed.table = null;
    this.host.post({ type: 'restart' });
    this.drawSoon();
  }

  /** Back to the row that the form was filled from, or to the usual values. */
  private reset(): void {
    this.remember({ values: this.feed.real?.values ?? null });
    this.predict();
  }

  /** Page up and down go to the row before and after, from anywhere on the page. */
  private onKey(event: KeyboardEvent): void {
    const direction = { PageUp: -1, PageDown: 1 }[event.key];
    const rows = this.feed.table?.rows ?? null;
    if (direction === undefined || rows === null) return;
    event.preventDefault();
    this.asker.row(Math.max(0, Math.min(rows - 1, (this.choices.row ?? 0) + direction)));
  }
}

const button = (label: string, click: () => void, disabled = false) =>
  html`<vscode-button appearance="secondary" ?disabled=${disabled} @click=${click}>${label}</vscode-button>`;

const isSame = (one: RowValues, other: RowValues): boolean =>
  Object.entries(one).every(([column, value]) => (other[column] ?? null) === value);
