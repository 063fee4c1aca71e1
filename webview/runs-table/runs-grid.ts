import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { TableAction } from '../../src/shared/messages/runs-table-protocol.js';
import type { TableRun } from '../../src/shared/messages/table-run-schema.js';
import { formatFixed } from '../../src/shared/numbers.js';
import { s } from '../strings.js';
import { askPage } from '../ui/page/page-events.js';
import { toggled } from '../ui/page/page-state.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import { styled } from '../ui/theme/styled.js';
import type { TableColumn } from './model/table-columns.js';
import { differenceTo, resorted, type TableLine } from './model/table-rows.js';
import { chooseInTable, type TableState } from './model/table-state.js';

declare global {
  interface HTMLElementEventMap {
    /** Folders of the runs that are selected from now on. */
    'select-runs': CustomEvent<readonly string[]>;
    'act-on-runs': CustomEvent<{ readonly action: TableAction; readonly folders: readonly string[] }>;
  }
}

/** In pixels; lines of one height are found without measuring. */
const lineHeight = 25;
/** Lines beyond the edges that are drawn, so that a quick turn of the wheel meets no gap. */
const spare = 8;
const starWidth = 30;

/**
 * The lines of the table (WAI-ARIA treegrid). Only those that can be seen are in the document, so that ten thousand
 * runs scroll as ten do. One line has the focus, which the arrow keys move.
 */
@customElement('mmoe-runs-grid')
export class RunsGrid extends LitElement {
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        flex: 1;
        min-height: 180px;
        display: flex;
        flex-direction: column;
      }
      .scroll {
        flex: 1;
        overflow: auto;
        position: relative;
        contain: strict;
        font-variant-numeric: tabular-nums;
      }
      .scroll:focus-visible {
        outline-offset: -1px;
      }
      .line {
        display: grid;
        grid-template-columns: var(--columns);
        min-width: var(--least);
        height: ${lineHeight}px;
        line-height: ${lineHeight - 1}px;
        border-bottom: 1px solid var(--grid);
        white-space: nowrap;
        width: 100%;
      }
      .line > * {
        overflow: hidden;
        text-overflow: ellipsis;
        padding: 0 8px;
      }
      .number {
        text-align: right;
      }
      .top {
        position: sticky;
        top: 0;
        z-index: 2;
        min-width: var(--least);
        background: var(--bg);
      }
      .head {
        font-size: 12px;
        color: var(--dim);
      }
      .head button {
        font: inherit;
        color: inherit;
        background: none;
        border: 0;
        padding: 0;
        cursor: pointer;
        max-width: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .head button:hover {
        color: var(--fg);
      }
      [aria-sort='ascending'] button,
      [aria-sort='descending'] button {
        color: var(--fg);
      }
      [aria-sort='ascending'] button::after {
        content: ' ↑';
      }
      [aria-sort='descending'] button::after {
        content: ' ↓';
      }
      .lines {
        position: relative;
      }
      .lines > .line {
        position: absolute;
        left: 0;
      }
      .run {
        cursor: default;
      }
      .run:hover {
        background: var(--vscode-list-hoverBackground, transparent);
      }
      .run[aria-selected='true'],
      .run[aria-selected='true'] .bad {
        background: var(--chosen);
        color: var(--chosen-fg);
      }
      .scroll:focus .focused {
        outline: 1px solid var(--vscode-focusBorder, #0078d4);
        outline-offset: -1px;
      }
      .group {
        font-weight: 600;
        cursor: pointer;
      }
      .group > span {
        grid-column: 1 / -1;
      }
      .group > span::before {
        content: '▸';
        display: inline-block;
        width: 22px;
        color: var(--dim);
      }
      .group[aria-expanded='true'] > span::before {
        content: '▾';
      }
      .pinned {
        border-bottom-color: var(--dim);
      }
      .star {
        text-align: center;
        padding: 0 !important;
        cursor: pointer;
      }
      .star.off {
        opacity: 0;
      }
      .line:hover .star.off,
      .focused .star.off {
        opacity: 0.6;
      }
      .tag {
        display: inline-block;
        line-height: 15px;
        padding: 0 7px;
        margin-right: 4px;
        border: 1px solid var(--line);
        border-radius: 8px;
        font-size: 11px;
      }
      .difference {
        display: inline-block;
        min-width: 62px;
        margin-left: 8px;
        text-align: right;
        font-size: 11px;
      }
      .archived .name {
        font-style: italic;
      }
      .bad {
        color: var(--bad);
      }
    `,
  ];

  @property({ attribute: false }) lines: readonly TableLine[] = [];
  /** Those that are shown, in their order. */
  @property({ attribute: false }) columns: readonly TableColumn[] = [];
  @property({ attribute: false }) choices!: TableState;
  /** The run that differences are to; null: none is pinned. */
  @property({ attribute: false }) baseline: TableRun | null = null;
  /** Folders of the selected runs. */
  @property({ attribute: false }) selected: ReadonlySet<string> = new Set();
  /** The first line that is drawn, and how many. */
  @state() private from = 0;
  @state() private count = 60;
  /** Key of the line that has the focus. */
  @state() private focusedKey: string | null = null;
  /** Key of the line where a selection with Shift begins. */
  private anchor: string | null = null;
  @query('.scroll') private readonly scroller!: HTMLElement;
  private readonly watch = new ResizeObserver(() => this.onScroll());

  protected override firstUpdated(): void {
    this.watch.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  override focus(): void {
    this.scroller.focus();
  }

  override render() {
    const { lines, columns, baseline } = this;
    const template = `${starWidth}px ${columns
      .map(({ id, width }) => (id === 'name' ? `minmax(${width}px, 1fr)` : `${width}px`))
      .join(' ')}`;
    const least = `${starWidth + columns.reduce((sum, { width }) => sum + width, 0)}px`;
    const from = Math.max(0, Math.min(this.from, lines.length - this.count));
    const drawn = lines.slice(from, from + this.count);
    const focused = drawn.findIndex(({ key }) => key === this.focusedKey);
    return html`<div
      class="scroll"
      role="treegrid"
      tabindex="0"
      aria-label=${s('runsTable')}
      aria-multiselectable="true"
      aria-rowcount=${lines.length + 1}
      aria-colcount=${columns.length + 1}
      aria-activedescendant=${focused < 0 ? nothing : `line-${from + focused}`}
      @scroll=${this.onScroll}
      @keydown=${this.onKey}
      @focus=${() => (this.focusedKey ??= lines[0]?.key ?? null)}
      ${styled({ '--columns': template, '--least': least })}
    >
      <div role="rowgroup" class="top">
        <div class="line head" role="row" aria-rowindex="1">
          <span role="columnheader"><span class="hidden-but-read">${s('starred')}</span></span>
          ${columns.map((column) => this.heading(column))}
        </div>
        ${
          baseline === null
            ? nothing
            : html`<div class="line run pinned" role="row">${this.cells(baseline)}</div>`
        }
      </div>
      <div class="lines" role="rowgroup" ${styled({ height: `${lines.length * lineHeight}px` })}>
        ${repeat(
          drawn,
          // Elements of lines that leave at one end are used for those that come at the other: making takes longer.
          (_, index) => (from + index) % this.count,
          (line, index) => this.line(line, from + index),
        )}
      </div>
    </div>`;
  }

  private heading(column: TableColumn) {
    const at = this.choices.sort.findIndex(({ column: id }) => id === column.id);
    const sort = this.choices.sort[at];
    const direction = sort === undefined ? 'none' : sort.descending ? 'descending' : 'ascending';
    return html`<span
      role="columnheader"
      class=${column.isNumber ? 'number' : ''}
      aria-sort=${direction}
      title=${column.title}
    >
      <button
        tabindex="-1"
        title=${s('sortByMore', column.title)}
        @click=${(event: MouseEvent) =>
          chooseInTable(this, { sort: resorted(this.choices.sort, column, event.shiftKey) })}
      >
        ${column.label}
      </button>
    </span>`;
  }

  private line(line: TableLine, index: number) {
    const place = `translateY(${index * lineHeight}px)`;
    const focused = line.key === this.focusedKey ? 'focused' : '';
    if (line.is === 'group')
      return html`<div
        class="line group ${focused}"
        id="line-${index}"
        role="row"
        aria-rowindex=${index + 2}
        aria-expanded=${line.isOpen}
        ${styled({ transform: place })}
        @click=${() => {
          this.focusedKey = line.key;
          this.open(line);
        }}
      >
        <span role="gridcell">${s('groupOfRuns', line.label, line.count)}</span>
      </div>`;
    const { run } = line;
    return html`<div
      class="line run ${focused} ${run.archived ? 'archived' : ''}"
      id="line-${index}"
      role="row"
      aria-rowindex=${index + 2}
      aria-selected=${this.selected.has(run.folder)}
      ${styled({ transform: place })}
      @click=${(event: MouseEvent) => this.choose(line.key, event)}
      @dblclick=${() => askPage(this, 'open-run', run.folder)}
    >
      ${this.cells(run)}
    </div>`;
  }

  private cells(run: TableRun) {
    return html`<span
        role="gridcell"
        class="star ${run.starred ? '' : 'off'}"
        title=${s(run.starred ? 'unstarRun' : 'starRun')}
        @click=${(event: Event) => {
          event.stopPropagation();
          this.act(run.starred ? 'unstar' : 'star', [run.folder]);
        }}
        >${run.starred ? '★' : '☆'}</span
      >
      ${this.columns.map((column) => this.cell(run, column))}`;
  }

  private cell(run: TableRun, column: TableColumn) {
    const text = column.textOf(run);
    if (column.id === 'tags')
      return html`<span role="gridcell" title=${text}>
        ${run.tags.map((tag) => html`<span class="tag">${tag}</span>`)}
      </span>`;
    const isBad = column.id === 'status' && (run.status === 'failed' || run.status === 'interrupted');
    return html`<span
      role="gridcell"
      class="${column.isNumber ? 'number' : ''} ${column.id} ${isBad ? 'bad' : ''}"
      title=${text}
      >${text}${this.difference(run, column)}</span
    >`;
  }

  private difference(run: TableRun, column: TableColumn) {
    const { baseline } = this;
    if (baseline === null || !column.isScore) return nothing;
    const difference = differenceTo(baseline, run, column);
    return html`<span class="difference" title=${difference === null ? s('otherRows') : ''}
      >${difference === null ? '' : formatFixed(difference, 5, true)}</span
    >`;
  }

  private readonly onScroll = (): void => {
    const { scrollTop, clientHeight } = this.scroller;
    const from = Math.max(0, Math.floor(scrollTop / lineHeight) - spare);
    // In steps, so that most turns of the wheel change no more than the place of what is drawn already.
    this.from = from - (from % 4);
    this.count = Math.ceil(clientHeight / lineHeight) + 2 * spare + 4;
  };

  private choose(
    key: string,
    { shiftKey, ctrlKey, metaKey }: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>,
  ): void {
    this.focusedKey = key;
    if (shiftKey) this.selectTo(key);
    else {
      this.anchor = key;
      this.select(ctrlKey || metaKey ? toggled([...this.selected], key, !this.selected.has(key)) : [key]);
    }
  }

  /** Selects the runs from where the selection began. */
  private selectTo(key: string): void {
    const [a, b] = [this.anchor ?? key, key].map((one) => this.lines.findIndex((line) => line.key === one));
    if (a === undefined || b === undefined || a < 0 || b < 0) return;
    const within = this.lines.slice(Math.min(a, b), Math.max(a, b) + 1);
    this.select(within.flatMap((line) => (line.is === 'run' ? [line.key] : [])));
  }

  private select(folders: readonly string[]): void {
    askPage(this, 'select-runs', folders);
  }

  private open({ key, isOpen }: Extract<TableLine, { is: 'group' }>): void {
    chooseInTable(this, { closed: toggled(this.choices.closed, key, isOpen) });
  }

  private act(action: TableAction, folders: readonly string[]): void {
    if (folders.length > 0) askPage(this, 'act-on-runs', { action, folders });
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const { lines } = this;
    const at = lines.findIndex(({ key }) => key === this.focusedKey);
    const line = lines[at];
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / lineHeight) - 2);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: Math.max(0, at - 1),
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: lines.length - 1,
    }[event.key];
    if (to !== undefined) this.moveTo(Math.max(0, Math.min(lines.length - 1, to)), event.shiftKey);
    else if (event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey))
      this.select(lines.flatMap((one) => (one.is === 'run' ? [one.key] : [])));
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === 'Escape') this.select([]);
    else if (line === undefined) return;
    else if (line.is === 'group') {
      if (
        event.key !== 'Enter' &&
        event.key !== ' ' &&
        event.key !== (line.isOpen ? 'ArrowLeft' : 'ArrowRight')
      )
        return;
      this.open(line);
    } else if (!this.onRunKey(event.key, line.run)) return;
    event.preventDefault();
  };

  /** Does what a key asks for on a run; false: nothing. */
  private onRunKey(key: string, run: TableRun): boolean {
    const chosen = this.selected.has(run.folder) ? [...this.selected] : [run.folder];
    if (key === 'Enter') askPage(this, 'open-run', run.folder);
    else if (key === ' ') {
      this.anchor = run.folder;
      this.select(toggled([...this.selected], run.folder, !this.selected.has(run.folder)));
    } else if (key === 'Delete') this.act('delete', chosen);
    else if (key === 'F2') this.act('rename', [run.folder]);
    else if (key === 's') this.act(run.starred ? 'unstar' : 'star', chosen);
    else return false;
    return true;
  }

  private moveTo(index: number, isExtending: boolean): void {
    const line = this.lines[index];
    if (line === undefined) return;
    if (isExtending) this.anchor ??= this.focusedKey;
    this.focusedKey = line.key;
    if (isExtending) this.selectTo(line.key);
    // The head, and a pinned run below it, cover the first lines.
    const covered = lineHeight * (this.baseline === null ? 1 : 2);
    const top = index * lineHeight;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + lineHeight + covered > scrollTop + clientHeight)
      this.scroller.scrollTop = top + lineHeight + covered - clientHeight;
  }
}
