import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  bands,
  curvesFigure,
  curvesTable,
  type Band,
  type CurvesOptions,
} from '../../../src/shared/study/figures/curves.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { quietButton, sharedStyles } from '../../ui/theme/shared-styles.js';
import { cutText, type StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';
import { toggleStyles } from './toggle-styles.js';

const bandWords = { sd: 'bandSd', bootstrap: 'bandBootstrap', none: 'bandNone' } as const;
const bandNotes = { sd: 'bandSdNote', bootstrap: 'bandBootstrapNote', none: 'bandNoneNote' } as const;

/** The card with mean loss curves over training, a line for each combination. */
@customElement('mmoe-study-curves-card')
export class StudyCurvesCard extends LitElement {
  static override readonly styles = [sharedStyles, quietButton, cardStyles, toggleStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView;
  private draw: DrawFigure | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('choices');
    const { rows, band, log } = this.choices;
    const isSame = before?.rows === rows && before.band === band && before.log === log;
    if (this.draw !== null && isSame && !changed.has('model')) return;
    const { layout } = this.model;
    const options = this.options();
    this.draw = (width, look) => curvesFigure(layout, options, width, look);
  }

  override render() {
    const { model, choices } = this;
    const { layout, study } = model;
    const hasCurves = layout.facets.some(({ series }) =>
      series.some(({ combination }) => combination.lines.some(({ curves }) => curves.epochs.length > 0)),
    );
    return html`<mmoe-card
      card="curves"
      heading=${s('studyLoss')}
      name="${study.record.name} curves"
      .kept=${choices}
      .table=${hasCurves ? () => curvesTable(layout, this.options()) : null}
      .picture=${() => this.figure.picture()}
    >
      <div slot="tools" class="tools">
        <mmoe-segment
          label=${s('rowsShown')}
          .choices=${[
            { value: 'validation', label: s('validation') },
            { value: 'train', label: s('train') },
          ]}
          value=${choices.rows}
          @choose=${({ detail }: CustomEvent<'train' | 'validation'>) =>
            chooseOnStudyPage(this, { rows: detail })}
        ></mmoe-segment>
        <mmoe-segment
          label=${s('bandLabel')}
          .choices=${bands.map((value) => ({ value, label: s(bandWords[value]) }))}
          value=${choices.band}
          @choose=${({ detail }: CustomEvent<Band>) => chooseOnStudyPage(this, { band: detail })}
        ></mmoe-segment>
        <button
          class="toggle"
          aria-pressed=${choices.log}
          title=${s('logAxis')}
          @click=${() => chooseOnStudyPage(this, { log: !choices.log })}
        >
          ${s('log')}
        </button>
      </div>
      ${
        hasCurves
          ? html`<mmoe-figure .draw=${this.draw} label=${s('studyLoss')}></mmoe-figure>
              <p class="caption">${s(bandNotes[choices.band])} ${cutText(model)}</p>`
          : html`<p class="dim empty">${s('noCurves')}</p>`
      }
    </mmoe-card>`;
  }

  private options(): CurvesOptions {
    const { rows, band, log } = this.choices;
    return { task: this.model.measure.task, rows, band, log };
  }
}
