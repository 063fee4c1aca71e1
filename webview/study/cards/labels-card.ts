import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { labelsFigure } from '../../../src/shared/study/figures/labels.js';
import { labelPoints } from '../../../src/shared/study/paper/label-correlation.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { StudyModel } from '../model/study-model.js';
import type { StudyPageState } from '../model/study-page-state.js';

/** The card with figure 2 of the paper: how labels correlate where the tasks' weights do. */
@customElement('mmoe-labels-card')
export class LabelsCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView;
  private draw: DrawFigure | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('model')) return;
    const points = labelPoints(this.model.combinations);
    this.draw = (width, look) => labelsFigure(points, width, look);
  }

  override render() {
    const { model, choices } = this;
    return html`<mmoe-card
      card="labels"
      heading=${s('labelsCard')}
      name="${model.study.record.name} correlation"
      .kept=${choices}
      .table=${() => model.paper!.tables[0]!.table}
      .picture=${() => this.figure.picture()}
    >
      <mmoe-figure .draw=${this.draw} label=${s('labelsCard')}></mmoe-figure>
      <p class="caption">${s('labelsNote')}</p>
    </mmoe-card>`;
  }
}
