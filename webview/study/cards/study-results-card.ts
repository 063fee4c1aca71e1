import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { resultsTable } from '../../../src/shared/study/results-table.js';
import {
  dash,
  formatChance,
  formatDifference,
  formatEstimate,
  formatMetric,
} from '../../../src/shared/numbers.js';
import { lastOf, shownValue } from '../../../src/shared/study/settings.js';
import type { StudyGain, StudyScore } from '../../../src/shared/study/summary.js';
import { metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { dropdown } from '../../ui/dropdown.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { verdictWord } from '../../ui/verdict-text.js';
import { tableStyles } from '../../ui/theme/table-styles.js';
import { noBaseline, type StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';

/** The card with each combination's metric over its seeds, and the difference to what it is compared with. */
@customElement('mmoe-study-results-card')
export class StudyResultsCard extends LitElement {
  static override readonly styles = [
    sharedStyles,
    cardStyles,
    tableStyles,
    css`
      td.text,
      th.text {
        text-align: left;
      }
      .swatch {
        display: inline-block;
        width: 14px;
        height: 3px;
        border-radius: 2px;
        vertical-align: middle;
        margin-right: 8px;
      }
      .better,
      .worse {
        font-weight: 700;
      }
    `,
  ];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;

  override render() {
    const { scores, study, references, baseline, reference } = this.model;
    const paths = Object.keys(scores[0]?.settings ?? {});
    const hasGains = scores.some(({ gain }) => gain !== null);
    return html`<mmoe-card
      card="results"
      heading=${s('results')}
      name="${study.record.name} results"
      .kept=${this.choices}
      .table=${() => resultsTable(scores)}
    >
      <div slot="tools" class="tools">
        ${
          references.length === 0
            ? nothing
            : html`<span class="dim small" aria-hidden="true">${s('comparedWith')}</span>${dropdown(
                  s('comparedWith'),
                  [{ value: noBaseline, label: s('comparedWithNothing') }, ...references],
                  baseline,
                  noBaseline,
                  (value) => chooseOnStudyPage(this, { baseline: value }),
                )}`
        }
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label=${s('results')}>
        <table aria-label=${s('results')}>
          <thead>
            <tr>
              <th scope="col" class="text">${s('studyTask')}</th>
              ${paths.map((path) => html`<th scope="col" class="text">${lastOf(path)}</th>`)}
              <th scope="col">${this.metricText()} ${s('resultMean')}</th>
              <th scope="col">${s('resultBest')}</th>
              ${
                hasGains && reference !== null
                  ? html`<th scope="col">${s('resultVs', shownValue(reference.to))}</th>
                      <th scope="col">${s('resultP')}</th>
                      <th scope="col" class="text">${s('resultVerdict')}</th>`
                  : nothing
              }
              <th scope="col">${s('resultRuns')}</th>
            </tr>
          </thead>
          <tbody>
            ${scores.map((score) => this.row(score, paths, hasGains))}
          </tbody>
        </table>
      </div>
      <p class="caption">${s('resultsMeanNote')} ${hasGains ? s('resultsGainNote') : ''}</p>
    </mmoe-card>`;
  }

  private metricText(): string {
    const metrics = [...new Set(this.model.scores.map(({ metric }) => metricLabel(metric)))];
    const split = this.model.scores[0]?.split ?? '';
    return metrics.length === 1 ? `${split} ${metrics[0]!}` : split;
  }

  private row(score: StudyScore, paths: readonly string[], hasGains: boolean) {
    const { task, settings, mean, sd, best, gain, seeds, diverged } = score;
    return html`<tr>
      <th scope="row">${task}</th>
      ${paths.map((path) => html`<td class="text">${shownValue(settings[path])}</td>`)}
      <td>
        ${formatMetric(mean)}${sd === null ? nothing : html` <span class="dim small">± ${formatMetric(sd)}</span>`}
      </td>
      <td>${formatMetric(best)}</td>
      ${hasGains ? gainCells(gain) : nothing}
      <td>
        ${seeds}${diverged === 0 ? nothing : html` <span class="dim small">${s('resultDiverged', diverged)}</span>`}
      </td>
    </tr>`;
  }
}

function gainCells(gain: StudyGain | null) {
  if (gain === null)
    return html`<td>${dash}</td>
      <td></td>
      <td></td>`;
  const { mean, interval, holm, verdict } = gain;
  const estimate = interval === null ? null : formatEstimate(mean, interval);
  return html`<td>
      ${estimate?.mean ?? formatDifference(mean)}
      ${estimate === null ? nothing : html`<span class="dim small">${estimate.interval}</span>`}
    </td>
    <td>${holm === null ? dash : formatChance(holm).replace('= ', '')}</td>
    <td class="text ${verdict.split(' ')[0]!}">${verdictText(gain)}</td>`;
}

function verdictText({ verdict, within }: StudyGain): string {
  switch (verdict) {
    case 'alike':
      return s('verdictAlike', formatMetric(within));
    case 'cannot tell':
      return s('verdictUnknown', formatMetric(within));
    default:
      return verdictWord({ verdict });
  }
}
