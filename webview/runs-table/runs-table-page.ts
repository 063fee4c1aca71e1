import { css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { RowsSet, RunsTableToHost, TableAction } from '../../src/shared/messages/runs-table-protocol.js';
import type { TableRun } from '../../src/shared/messages/table-run-schema.js';
import { s } from '../strings.js';
import type { Host } from '../ui/page/host.js';
import { askPage } from '../ui/page/page-events.js';
import { Page } from '../ui/page/page.js';
import { toCsv, type TableData } from '../../src/shared/figures/table-data.js';
import './charts/runs-charts.js';
import { headerStyles } from '../ui/theme/header-styles.js';
import { sharedStyles } from '../ui/theme/shared-styles.js';
import './columns-menu.js';
import { columnsOf, usualColumns, type TableColumn } from './model/table-columns.js';
import { TableFeed, type TableContent } from './model/table-feed.js';
import { countRowSets, linesOf, sorted, type TableLine } from './model/table-rows.js';
import { restoreTableState, type TableState } from './model/table-state.js';
import './query-box.js';
import type { QueryBox } from './query-box.js';
import './runs-grid.js';
import type { RunsGrid } from './runs-grid.js';

interface Shown {
  readonly all: readonly TableColumn[];
  readonly columns: readonly TableColumn[];
  /** In their order. */
  readonly runs: readonly TableRun[];
  readonly lines: readonly TableLine[];
  readonly baseline: TableRun | null;
}

const none: readonly RowsSet[] = [];

/** All runs as a table: found by a query, sorted, grouped, compared with a baseline, and acted upon. */
@customElement('mmoe-runs-table-page')
export class RunsTablePage extends Page<TableState> {
  static override readonly styles = [
    sharedStyles,
    headerStyles,
    css`
      :host {
        position: static;
        border: 0;
        padding: 12px 20px 12px;
        height: 100vh;
        display: flex;
        flex-direction: column;
      }
      main {
        display: contents;
      }
      .tools {
        align-items: flex-start;
        margin-top: 10px;
      }
      .selection {
        min-height: 34px;
        margin: 6px 0 2px;
      }
      .empty {
        padding: 40px 0;
        text-align: center;
      }
      select {
        height: 26px;
        font: inherit;
        color: var(--vscode-dropdown-foreground, var(--fg));
        background: var(--vscode-dropdown-background, var(--button));
        border: 1px solid var(--vscode-dropdown-border, var(--line));
        border-radius: 2px;
        max-width: 180px;
      }
      button.link {
        font: inherit;
        color: var(--vscode-textLink-foreground, var(--fg));
        background: none;
        border: 0;
        padding: 0;
        cursor: pointer;
        text-decoration: underline;
      }
      label {
        display: inline-flex;
        gap: 6px;
        align-items: center;
      }
    `,
  ];

  protected override readonly feed: TableFeed;
  private last: { content: TableContent; choices: TableState; shown: Shown } | null = null;
  private charted: readonly TableRun[] = [];
  /** Folders of the runs whose metrics were asked for, since these runs came. */
  private asked: ReadonlySet<string> = new Set();
  private askedOf: readonly TableRun[] = [];
  @state() private selected: ReadonlySet<string> = new Set();
  @query('mmoe-query-box') private readonly box!: QueryBox | null;
  @query('mmoe-runs-grid') private readonly grid!: RunsGrid | null;

  constructor(private readonly host: Host<RunsTableToHost>) {
    super(host, restoreTableState);
    this.addEventListener('open-run', ({ detail }) => host.post({ type: 'open', folder: detail }));
    this.addEventListener('select-runs', ({ detail }) => (this.selected = new Set(detail)));
    this.addEventListener('act-on-runs', ({ detail: { action, folders } }) => this.act(action, folders));
    this.feed = new TableFeed({
      ready: () => this.askForAll(),
      dropped: (reason) => this.reportDropped(reason),
      changed: () => this.drawSoon(),
      kept: (state) => this.takeKept(state),
      beginsWithNewest: () => {
        const { query, sort, group, charts } = this.choices;
        return query === '' && group === '' && sort.length === 0 && !charts;
      },
    });
  }

  protected override askForAll(): void {
    this.host.post({ type: 'ready', query: this.choices.query });
  }

  /** What is chosen outlives the tab. */
  protected override remember(change: Partial<TableState>): void {
    super.remember(change);
    this.host.post({ type: 'keep', state: this.choices });
  }

  /** A tab that was open before knows more than what was kept. */
  private takeKept(state: Readonly<Record<string, unknown>>): void {
    if (this.host.savedState() !== null && this.host.savedState() !== undefined) return;
    this.choices = restoreTableState(state);
    if (this.choices.query !== '') this.host.post({ type: 'find', query: this.choices.query });
  }

  override render() {
    const { content } = this.feed;
    if (content === null) return nothing;
    const shown = this.shown(content);
    const { found, all } = content.newestOf ?? { found: shown.runs.length, all: content.runs.length };
    return html`<main>
      <header>
        <div class="row">
          <h1>${s('runsTable')}</h1>
          <span class="dim" role="status">${s('shownOf', found, all)}</span>
          <span class="space"></span>
          <mmoe-columns-menu
            .columns=${shown.all}
            .shown=${shown.columns.map(({ id }) => id)}
            ?chosen=${this.choices.columns !== null}
          ></mmoe-columns-menu>
          ${this.grouping(shown.all)}
          <vscode-button
            appearance=${this.choices.charts ? 'primary' : 'secondary'}
            aria-pressed=${this.choices.charts}
            @click=${() => this.remember({ charts: !this.choices.charts })}
            >${s('charts')}</vscode-button
          >
          <vscode-button appearance="secondary" @click=${() => this.export(shown)}
            >${s('exportCsv')}</vscode-button
          >
        </div>
        <div class="row tools">
          <mmoe-query-box
            .query=${this.choices.query}
            .found=${content.found}
            @query=${(event: CustomEvent<string>) => this.find(event.detail)}
          ></mmoe-query-box>
        </div>
        ${this.actions(shown)}
      </header>
      ${
        content.runs.length === 0
          ? html`<p class="empty dim">${s('noRunsYet')}</p>`
          : shown.runs.length === 0
            ? html`<p class="empty dim">${s('noRunFound')}</p>`
            : html`<mmoe-runs-grid
                .lines=${shown.lines}
                .columns=${shown.columns}
                .choices=${this.choices}
                .baseline=${shown.baseline}
                .selected=${this.selected}
              ></mmoe-runs-grid>`
      }
      ${this.choices.charts && shown.runs.length > 0 ? this.charts(content, shown) : nothing}
    </main>`;
  }

  override firstUpdated(): void {
    this.addEventListener('keydown', this.onKey);
  }

  /** Selecting and scrolling leave what is shown as it is, and so does this. */
  private shown(content: TableContent): Shown {
    const { choices, last } = this;
    if (last?.content === content && last.choices === choices) return last.shown;
    const shown = this.arranged(content);
    this.last = { content, choices, shown };
    return shown;
  }

  private arranged({ paths, runs, found }: TableContent): Shown {
    const { choices } = this;
    const all = columnsOf(runs, paths);
    const ids = choices.columns ?? usualColumns(all, runs);
    const columns = all.filter(({ id }) => id === 'name' || ids.includes(id));
    const wanted = found === null ? null : new Set(found.folders);
    const some = sorted(
      wanted === null ? runs : runs.filter(({ folder }) => wanted.has(folder)),
      choices.sort,
      all,
    );
    return {
      all,
      columns,
      runs: some,
      lines: linesOf(some, choices, all, found?.rowSets),
      baseline: runs.find(({ folder }) => folder === choices.baseline) ?? null,
    };
  }

  /** Charts of the selected runs, if these are several, and of all that are shown otherwise. */
  private charts({ paths, found, metrics }: TableContent, { runs }: Shown) {
    const chosen = runs.filter(({ folder }) => this.selected.has(folder));
    return html`<mmoe-runs-charts
      .runs=${chosen.length > 1 ? this.same(chosen) : runs}
      .paths=${paths}
      .rowSets=${found?.rowSets ?? none}
      .metrics=${metrics}
      .choices=${this.choices}
      .picked=${chosen.length === 1 ? chosen[0]!.folder : null}
      @pick-line=${({ detail }: CustomEvent<string | null>) =>
        (this.selected = new Set(detail === null ? [] : [detail]))}
    ></mmoe-runs-charts>`;
  }

  /** Returns the runs that were charted before where these are the same, so that nothing is drawn anew. */
  private same(runs: readonly TableRun[]): readonly TableRun[] {
    const { charted } = this;
    if (charted.length !== runs.length || charted.some((run, i) => run !== runs[i])) this.charted = runs;
    return this.charted;
  }

  /** Asks for all metrics of the runs whose charts are shown, where they are not known yet. */
  override updated(): void {
    const { content } = this.feed;
    if (content === null || !this.choices.charts) return;
    if (this.askedOf !== content.runs) [this.askedOf, this.asked] = [content.runs, new Set()];
    const missing = content.runs.flatMap(({ folder, scores }) =>
      content.metrics.has(folder) ||
      this.asked.has(folder) ||
      Object.values(scores).every(({ validation }) => validation === null)
        ? []
        : [folder],
    );
    if (missing.length === 0) return;
    this.asked = new Set([...this.asked, ...missing]);
    this.host.post({ type: 'measure', folders: missing });
  }

  private grouping(columns: readonly TableColumn[]) {
    return html`<label>
      <span class="dim">${s('groupBy')}</span>
      <select
        @change=${(event: Event) => this.remember({ group: (event.target as HTMLSelectElement).value })}
      >
        <option value="" ?selected=${this.choices.group === ''}>${s('noGroups')}</option>
        ${columns
          .filter(({ id, isScore }) => !isScore && !['name', 'id', 'time', 'started'].includes(id))
          .map(
            ({ id, label, title }) =>
              html`<option value=${id} title=${title} ?selected=${this.choices.group === id}>
                ${label}
              </option>`,
          )}
      </select>
    </label>`;
  }

  /** What can be done with the selected runs; without any, what the table says of its rows. */
  private actions({ runs, baseline }: Shown) {
    const chosen = runs.filter(({ folder }) => this.selected.has(folder));
    const folders = chosen.map(({ folder }) => folder);
    const sets = countRowSets(runs);
    const button = (label: string, act: () => void, appearance = 'secondary') =>
      html`<vscode-button appearance=${appearance} @click=${act}>${label}</vscode-button>`;
    const isPinned = chosen.length === 1 && baseline?.folder === folders[0];
    return html`<div class="row selection">
      ${
        chosen.length === 0
          ? html`<span class="dim small">${s('selectionHint')}</span>`
          : html`<strong>${s('selectedRuns', chosen.length)}</strong>
              ${chosen.length > 1 ? button(s('compareChosen'), () => this.act('compare', folders), 'primary') : nothing}
              ${
                chosen.length === 1
                  ? html`${button(s('openRun'), () => askPage(this, 'open-run', folders[0]!), 'primary')}
                    ${button(s(isPinned ? 'unpin' : 'pin'), () =>
                      this.remember({ baseline: isPinned ? null : folders[0]! }),
                    )}
                    ${button(s('renameRun'), () => this.act('rename', folders))}`
                  : nothing
              }
              ${button(s('tagRuns'), () => this.act('tag', folders))}
              ${
                chosen.every(({ archived }) => archived)
                  ? button(s('unarchive'), () => this.act('unarchive', folders))
                  : button(s('archive'), () => this.act('archive', folders))
              }
              ${button(s('deleteRuns'), () => this.act('delete', folders))}`
      }
      <span class="space"></span>
      <span class="dim small">
        ${
          baseline === null
            ? nothing
            : html`${s('differencesTo', baseline.name)}
                <button class="link" @click=${() => this.remember({ baseline: null })}>${s('unpin')}</button>`
        }
        ${sets > 1 ? s('rowSets', sets) : ''}
      </span>
    </div>`;
  }

  private act(action: TableAction, folders: readonly string[]): void {
    this.host.post({ type: 'act', action, folders: [...folders] });
  }

  private find(text: string): void {
    this.remember({ query: text });
    this.host.post({ type: 'find', query: text });
  }

  private export({ columns, runs }: Shown): void {
    const table: TableData = {
      columns: ['id', ...columns.map(({ label }) => label)],
      rows: runs.map((run) => [
        run.id,
        ...columns.map((column) => {
          const value = column.valueOf(run);
          return typeof value === 'boolean' ? String(value) : value;
        }),
      ]),
    };
    askPage(this, 'save-file', { name: s('runsTable'), format: 'csv', content: toCsv(table) });
  }

  /** Ctrl+F and / lead to the box; from there the arrow key leads back to the runs. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const inBox = event.composedPath().some((target) => target === this.box);
    const isFind = (event.key === 'f' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !inBox);
    if (isFind) this.box?.focus();
    else if (inBox && event.key === 'Enter' && !event.defaultPrevented) this.grid?.focus();
    else return;
    event.preventDefault();
  };
}
