import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatPercent } from '../../../src/shared/numbers.js';
import {
  dependenceFigure,
  dependenceTable,
  importanceFigure,
  importanceTable,
} from '../../../src/shared/study/figures/importance.js';
import { axesOf, consideredLines, judgedBy } from '../../../src/shared/study/figures/parallel.js';
import type { Importance } from '../../../src/shared/study/importance.js';
import { observedSettings } from '../../../src/shared/study/observed.js';
import { measureName, type Measure } from '../../../src/shared/study/results.js';
import { importanceOf } from '../../../src/tuner/importance.js';
import '../../charts/figure/figure-view.js';
import type { DrawFigure, FigureView } from '../../charts/figure/figure-view.js';
import { s } from '../../strings.js';
import '../../ui/card.js';
import '../../ui/segment.js';
import { cardStyles } from '../../ui/theme/card-styles.js';
import { sharedStyles } from '../../ui/theme/shared-styles.js';
import type { StudyModel } from '../model/study-model.js';
import { chooseOnStudyPage, importanceKinds, type StudyPageState } from '../model/study-page-state.js';

/** While a study is trained it is worked out anew no more often, milliseconds: it takes up to a second. */
const pauseMilliseconds = 20_000;
/** Below this the model is not to be relied on. */
const leastForetold = 0.5;

const kindWords = { importance: 'importanceShares', dependence: 'importanceDependence' } as const;
const kindNotes = { importance: 'importanceNote', dependence: 'dependenceNote' } as const;

/** The card that says how much settings matter, and what the measure is at their values. */
@customElement('mmoe-importance-card')
export class ImportanceCard extends LitElement {
  static override readonly styles = [sharedStyles, cardStyles];

  @property({ attribute: false }) model!: StudyModel;
  @property({ attribute: false }) choices!: StudyPageState;
  @query('mmoe-figure') private readonly figure!: FigureView;
  @state() private found: { readonly importance: Importance; readonly measure: Measure } | null = null;
  private foundOf: StudyModel | null = null;
  private foundAt = -Infinity;
  private timer: number | null = null;
  private draw: DrawFigure | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (this.model !== this.foundOf) this.findSoon();
    const kind = this.choices.importance;
    const isSame = changed.get('choices')?.importance === kind || !changed.has('choices');
    if (isSame && !changed.has('found' as never)) return;
    const { found } = this;
    if (found?.importance.is !== 'told') this.draw = null;
    else {
      const { settings } = found.importance;
      this.draw = (width, look) =>
        kind === 'importance'
          ? importanceFigure(settings, width, look)
          : dependenceFigure(settings, found.measure, width, look);
    }
  }

  override render() {
    const { found, choices, model } = this;
    const kind = choices.importance;
    const told = found?.importance.is === 'told' ? found.importance : null;
    return html`<mmoe-card
      card="importance"
      heading=${s('importanceCard')}
      name="${model.study.record.name} ${kind}"
      .kept=${choices}
      .table=${
        told === null
          ? null
          : () =>
              kind === 'importance'
                ? importanceTable(told.settings)
                : dependenceTable(told.settings, found!.measure)
      }
      .picture=${() => this.figure.picture()}
    >
      <div slot="tools" class="tools">
        ${
          told === null
            ? nothing
            : html`<mmoe-segment
                label=${s('importanceLabel')}
                .choices=${importanceKinds.map((value) => ({ value, label: s(kindWords[value]) }))}
                value=${kind}
                @choose=${({ detail }: CustomEvent<StudyPageState['importance']>) =>
                  chooseOnStudyPage(this, { importance: detail })}
              ></mmoe-segment>`
        }
      </div>
      ${
        told === null
          ? html`<p class="dim empty">${found === null ? s('importanceSoon') : whyNot(found.importance)}</p>`
          : html`<mmoe-figure .draw=${this.draw} label=${s('importanceCard')}></mmoe-figure>
              <p class="caption">
                ${s(kindNotes[kind], measureName(found!.measure))}
                ${s('importanceUsed', told.used, told.trained)}
                ${
                  told.foretold < leastForetold
                    ? s('importanceWeak', formatPercent(told.foretold))
                    : s('importanceForetold', formatPercent(told.foretold))
                }
              </p>`
      }
    </mmoe-card>`;
  }

  /** The page is drawn first. */
  private findSoon(): void {
    if (this.timer !== null) return;
    // That there are too few is soon said.
    const isOld = this.model.study.status === 'running' && this.found?.importance.is === 'told';
    const pause = isOld ? Math.max(0, this.foundAt + pauseMilliseconds - Date.now()) : 0;
    this.timer = window.setTimeout(() => {
      this.timer = null;
      this.find();
    }, pause);
  }

  private find(): void {
    const { study, measure: shown } = this.model;
    const lines = consideredLines(study.record, study.lines.values());
    const measure = judgedBy(lines, shown);
    const axes = axesOf(study.record, lines, []);
    this.foundOf = this.model;
    this.foundAt = Date.now();
    this.found = { importance: importanceOf(observedSettings(axes, lines, measure)), measure };
  }
}

function whyNot(importance: Importance): string {
  switch (importance.is) {
    case 'few':
      return s('importanceFew', importance.trained, importance.needed);
    case 'same':
      return s('importanceSame');
    case 'told':
      return '';
  }
}
