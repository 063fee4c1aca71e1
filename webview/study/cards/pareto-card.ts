import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { paretoFigure, paretoTable } from '../../../src/shared/study/figures/scatter.js';
import { measureChoices, type Measure } from '../../../src/shared/study/results.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import { dropdown } from '../../ui/dropdown.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import { allTasks, cutText, type StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, type StudyPageState } from '../model/study-page-state.js';

/** The card that shows one task against another, and which combinations no other is better than in both. */
@customElement('mmoe-pareto-card')
export class ParetoCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView;
  private draw: DrawFigure | null = null;
  private measures: readonly [Measure, Measure] | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('choices');
    const [across, up] = this.tasks();
    const isSame = before?.across === this.choices.across && before.up === this.choices.up;
    if (this.draw !== null && isSame && !changed.has('model')) return;
    const { layout, study, combinations } = this.model;
    const lines = combinations.flatMap((one) => one.lines);
    const measureOf = (task: string): Measure =>
      measureChoices(study.record, lines, { task, metric: this.choices.metric }).measure;
    const [x, y] = [measureOf(across), measureOf(up)];
    this.measures = [x, y];
    this.draw = (width, look) => paretoFigure(layout, x, y, width, look);
  }

  override render() {
    const { model, choices } = this;
    const [across, up] = this.tasks();
    const options = this.named().map((task) => ({ value: task, label: task }));
    return html`<mmoe-card
      card="pareto"
      heading=${s('pareto')}
      name="${model.study.record.name} ${across} ${up}"
      .kept=${choices}
      .table=${() => paretoTable(model.layout, ...this.measures!)}
      .picture=${() => this.figure.picture()}
    >
      <div slot="tools" class="tools">
        ${
          options.length < 3
            ? ''
            : [
                dropdown(s('paretoAcross'), options, across, across, (task) =>
                  chooseOnStudyPage(this, { across: task }),
                ),
                dropdown(s('paretoUp'), options, up, up, (task) => chooseOnStudyPage(this, { up: task })),
              ]
        }
      </div>
      <mmoe-figure .draw=${this.draw} .picked=${choices.picked} label=${s('pareto')}></mmoe-figure>
      <p class="caption">${s('paretoNote')} ${cutText(model)}</p>
    </mmoe-card>`;
  }

  private named(): string[] {
    return this.model.tasks.filter((task) => task !== allTasks);
  }

  /** The two tasks that are shown: the chosen ones, else the first two. */
  private tasks(): [string, string] {
    const named = this.named();
    const { across, up } = this.choices;
    const first = across !== null && named.includes(across) ? across : named[0]!;
    const second =
      up !== null && named.includes(up) && up !== first ? up : named.find((one) => one !== first)!;
    return [first, second];
  }
}
