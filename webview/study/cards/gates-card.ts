import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  gateKinds,
  gatesFigure,
  gatesTable,
  type GateKind,
} from '../../../src/shared/study/figures/gates.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';

const kindWords = { mean: 'gatesMean', run: 'gatesRun' } as const;
const kindNotes = { mean: 'gatesMeanNote', run: 'gatesRunNote' } as const;

/** The card that shows how gates weigh the experts, where a study has measured it. */
@customElement('mmoe-gates-card')
export class GatesCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView;
  private draw: DrawFigure | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const kind = this.choices.gates;
    if (this.draw !== null && changed.get('choices')?.gates === kind && !changed.has('model')) return;
    const { combinations } = this.model;
    this.draw = (width, look) => gatesFigure(combinations, kind, width, look);
  }

  override render() {
    const { model, choices } = this;
    const kind = choices.gates;
    return html`<mmoe-card
      card="gates"
      heading=${s('gatesCard')}
      name="${model.study.record.name} gates"
      .kept=${choices}
      .table=${() => gatesTable(model.combinations, kind)}
      .picture=${() => this.figure.picture()}
    >
      <div slot="tools" class="tools">
        <mmoe-segment
          label=${s('gatesDrawnOf')}
          .choices=${gateKinds.map((value) => ({ value, label: s(kindWords[value]) }))}
          value=${kind}
          @choose=${({ detail }: CustomEvent<GateKind>) => chooseOnStudyPage(this, { gates: detail })}
        ></mmoe-segment>
      </div>
      <mmoe-figure .draw=${this.draw} .picked=${choices.picked} label=${s('gatesCard')}></mmoe-figure>
      <p class="caption">${s(kindNotes[kind])}</p>
    </mmoe-card>`;
  }
}
