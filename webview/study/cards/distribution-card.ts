import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  distributionFigure,
  distributionKinds,
  distributionTable,
  type DistributionKind,
} from '../../../src/shared/study/figures/distribution.js';
import { measureName } from '../../../src/shared/study/results.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { cutText, type StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';

const kindWords = {
  runs: 'kindRuns',
  violin: 'kindViolin',
  histogram: 'kindHistogram',
  cumulative: 'kindCumulative',
} as const;
const kindNotes = {
  runs: 'runsNote',
  violin: 'violinNote',
  histogram: 'histogramNote',
  cumulative: 'cumulativeNote',
} as const;

/** The card that shows how the final values of the runs are distributed. */
@customElement('mmoe-distribution-card')
export class DistributionCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView;
  private draw: DrawFigure | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const kind = this.choices.distribution;
    if (this.draw !== null && changed.get('choices')?.distribution === kind && !changed.has('model')) return;
    const { layout, measure } = this.model;
    this.draw = (width, look) => distributionFigure(layout, measure, kind, width, look);
  }

  override render() {
    const { model, choices } = this;
    const { combinations, measure, study } = model;
    const kind = choices.distribution;
    return html`<mmoe-card
      card="distribution"
      heading=${s('distribution')}
      name="${study.record.name} ${measureName(measure)}"
      .kept=${choices}
      .table=${() => distributionTable(combinations, measure)}
      .picture=${() => this.figure.picture()}
    >
      <div slot="tools" class="tools">
        <mmoe-segment
          label=${s('distributionLabel')}
          .choices=${distributionKinds.map((value) => ({ value, label: s(kindWords[value]) }))}
          value=${kind}
          @choose=${({ detail }: CustomEvent<DistributionKind>) =>
            chooseOnStudyPage(this, { distribution: detail })}
        ></mmoe-segment>
      </div>
      <mmoe-figure
        .draw=${this.draw}
        .picked=${choices.picked}
        label="${s('distribution')}: ${measureName(measure)}"
      ></mmoe-figure>
      <p class="caption">${s(kindNotes[kind])} ${cutText(model)}</p>
    </mmoe-card>`;
  }
}
