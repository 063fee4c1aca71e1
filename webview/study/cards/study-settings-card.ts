import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  axesOf,
  consideredLines,
  judgedBy,
  parallelTable,
  settingFigure,
  type Axis,
} from '../../../src/shared/study/figures/parallel.js';
import type { StudyLine } from '../../../src/shared/study/line.js';
import type { Measure } from '../../../src/shared/study/results.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import '../../charts/figure/parallel-plot.js';
import type { ParallelPlot } from '../../charts/figure/parallel-plot.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';

/** The card that shows what settings do: a measure against one of them, or all of them side by side. */
@customElement('mmoe-study-settings-card')
export class StudySettingsCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView | null;
  @query('mmoe-parallel') private readonly parallel!: ParallelPlot | null;
  private lines: readonly StudyLine[] = [];
  private axes: readonly Axis[] = [];
  private measure: Measure | null = null;
  private draw: DrawFigure | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const isSame = changed.get('choices')?.setting === this.choices.setting;
    if (this.draw !== null && isSame && !changed.has('model')) return;
    const { study, measure } = this.model;
    this.lines = consideredLines(study.record, study.lines.values());
    this.measure = judgedBy(this.lines, measure);
    this.axes = axesOf(study.record, this.lines, [this.measure]);
    const [lines, shown] = [this.lines, this.measure];
    const axis = this.settings().find(({ name }) => name === this.chosen());
    const group = this.settings().find((one) => one.values !== null && one !== axis);
    this.draw =
      axis === undefined ? null : (width, look) => settingFigure(axis, lines, shown, { group, width, look });
  }

  override render() {
    const { model, choices, lines, axes } = this;
    const settings = this.settings();
    const chosen = this.chosen();
    const all = settings.length > 1 ? [{ value: allSettings, label: s('allSettings') }] : [];
    return html`<mmoe-card
      card="settings"
      heading=${s('settingsCard')}
      name="${model.study.record.name} settings"
      .kept=${choices}
      .table=${() => parallelTable(axes, lines)}
      .picture=${() => (this.parallel ?? this.figure)!.picture()}
    >
      <div slot="tools" class="tools">
        <mmoe-segment
          label=${s('settingsCard')}
          .choices=${[...all, ...settings.map(({ name, label }) => ({ value: name, label }))]}
          value=${chosen}
          @choose=${({ detail }: CustomEvent<string>) => chooseOnStudyPage(this, { setting: detail })}
        ></mmoe-segment>
      </div>
      ${
        chosen === allSettings
          ? html`<mmoe-parallel
                .axes=${axes}
                .lines=${lines}
                .brushes=${choices.brushes}
                .picked=${choices.picked}
              ></mmoe-parallel>
              <p class="caption">${s('parallelNote')}</p>`
          : html`<mmoe-figure
                .draw=${this.draw}
                .picked=${choices.picked}
                label=${s('settingsCard')}
              ></mmoe-figure>
              <p class="caption">${s('settingNote')}</p>`
      }
    </mmoe-card>`;
  }

  private settings(): readonly Axis[] {
    return this.axes.slice(0, -1);
  }

  private chosen(): string {
    const settings = this.settings();
    const { setting } = this.choices;
    if (settings.some(({ name }) => name === setting)) return setting!;
    return settings.length > 1 ? allSettings : (settings[0]?.name ?? allSettings);
  }
}

const allSettings = '*';
