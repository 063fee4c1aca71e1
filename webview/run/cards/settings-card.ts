import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RunContext } from '../../../src/shared/messages/run-protocol.js';
import { dash } from '../../../src/shared/numbers.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { askPage } from '../../ui/page/page-events.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import type { ShownRun } from '../model/run-feed.js';
import type { RunPageState } from '../model/run-page-state.js';
import { experimentText, settingRows, type SettingRow } from '../model/run-settings-table.js';

/** The card with the settings that differ from the defaults, or from another run that a person picks. */
@customElement('mmoe-settings-card')
export class SettingsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    quietButton,
    cardStyles,
    css`
      table {
        border-collapse: collapse;
        max-width: 100%;
      }
      th,
      td {
        text-align: left;
        font-weight: 400;
        padding: 3px 24px 3px 0;
        border-bottom: 1px solid var(--grid);
        overflow-wrap: anywhere;
        vertical-align: top;
      }
      thead th {
        color: var(--dim);
        font-size: 11px;
      }
      .caption-text {
        flex: 1;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin-top: 10px;
      }
    `,
  ];

  @property({ attribute: false }) run!: ShownRun;
  @property({ attribute: false }) choices!: RunPageState;
  @property({ attribute: false }) other: RunContext['other'] = null;

  override render() {
    const { run, choices, other } = this;
    const rows = settingRows(run.manifest, other);
    const caption = other === null ? s('settingsCaption') : s('settingsAgainst', other.name);
    return html`<mmoe-card
      card="settings"
      heading=${s('settings')}
      name="${run.manifest.name} ${s('settings')}"
      .kept=${choices}
      .table=${rows === null || rows.length === 0 ? null : () => this.table(rows)}
    >
      <span slot="tools" class="caption-text dim small">${caption}</span>
      ${rows === null ? html`<p class="dim">${s('settingsUnknown')}</p>` : this.settings(rows)}
      ${this.facts()}
      <div class="buttons">
        <vscode-button appearance="secondary" @click=${() => askPage(this, 'act', 'compareSettings')}
          >${s('holdAgainst')}</vscode-button
        >
        ${
          run.manifest.experiment === null
            ? nothing
            : html`<vscode-button
                appearance="secondary"
                @click=${() => askPage(this, 'copy-text', experimentText(run.manifest))}
                >${s('copyExperiment')}</vscode-button
              >`
        }
      </div>
    </mmoe-card>`;
  }

  private settings(rows: readonly SettingRow[]) {
    if (rows.length === 0)
      return html`<p class="dim">${s(this.other === null ? 'allDefaults' : 'sameSettings')}</p>`;
    return html`<table aria-label=${s('settings')}>
      <thead>
        <tr>
          <th scope="col">${s('setting')}</th>
          <th scope="col">${s('thisRun')}</th>
          <th scope="col">${this.other?.name ?? s('standard')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ path, value, against }) =>
            html`<tr>
              <th scope="row">${path}</th>
              <td>${value ?? dash}</td>
              <td class="dim">${against ?? dash}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** What chose some of the settings, and the commit that the run was trained at. */
  private facts() {
    const { chosen, git } = this.run.manifest;
    const paths = Object.keys(chosen ?? {});
    const facts = [
      ...(paths.length === 0 ? [] : [s('chosenForTable', paths.join(', '))]),
      ...(git === null ? [] : [commitText(git)]),
    ];
    return facts.length === 0 ? nothing : html`<p class="caption">${facts.join(' · ')}</p>`;
  }

  private table(rows: readonly SettingRow[]): TableData {
    return {
      columns: [s('setting'), s('thisRun'), this.other?.name ?? s('standard')],
      rows: rows.map(({ path, value, against }) => [path, textOf(value), textOf(against)]),
    };
  }
}

const textOf = (value: SettingRow['value']): string | number | null =>
  typeof value === 'boolean' ? String(value) : value;

function commitText({ commit, branch, dirty }: NonNullable<ShownRun['manifest']['git']>): string {
  const short = commit.slice(0, 10);
  const at = branch === null ? s('commit', short) : s('commitOn', short, branch);
  return dirty === true ? `${at} ${s('withChanges')}` : at;
}
