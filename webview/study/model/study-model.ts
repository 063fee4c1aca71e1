import { hasMetric } from '../../../src/shared/task-kinds.js';
import { syntheticClaims, type Claim } from '../../../src/shared/study/paper/claims.js';
import { doneOf, type StudyRecord } from '../../../src/shared/study/record.js';
import {
  combinationsOf,
  layoutOf,
  measuredBySeed,
  measureChoices,
  type Layout,
  type Measure,
} from '../../../src/shared/study/results.js';
import { isSameValue, lastOf, shownValue } from '../../../src/shared/study/settings.js';
import {
  comparedWith,
  scoresOf,
  tasksOf,
  type Combination,
  type Reference,
  type StudyScore,
} from '../../../src/shared/study/summary.js';
import { biggerIsBetter } from '../../../src/shared/task-kinds.js';
import { meanOf } from '../../../src/shared/statistics/statistics.js';
import { s } from '../../strings.js';
import type { ShownStudy } from './study-feed.js';
import type { StudyPageState } from './study-page-state.js';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** All that the cards of a study page show. */
export interface StudyModel {
  readonly study: ShownStudy;
  readonly done: number;
  readonly combinations: readonly Combination[];
  /** Those that are drawn: of very many the best. */
  readonly layout: Layout;
  /** How many panels there would be in all. */
  readonly panels: number;
  readonly tasks: readonly string[];
  readonly measure: Measure;
  readonly metrics: readonly string[];
  readonly references: readonly Choice[];
  /** The chosen one, as the list of references has it. */
  readonly baseline: string;
  readonly reference: Reference | null;
  readonly scores: readonly StudyScore[];
  /** What the paper says, where this is a study of it. */
  readonly claims: readonly Claim[];
}

/** Every task together. */
export const allTasks = '*';
export const noBaseline = '';
const maxPanels = 12;

/** Works out what the page shows of a study, with what a person has chosen. */
export function buildStudyModel(study: ShownStudy, choices: StudyPageState): StudyModel {
  const { record, lines } = study;
  const combinations = combinationsOf(record, lines.values());
  const own = combinations.flatMap((one) => one.lines);
  const { tasks, metrics, measure } = measureChoices(record, own, {
    task: choices.task === allTasks ? null : (choices.task ?? undefined),
    metric: choices.metric,
  });
  const references = Object.entries(record.vary).flatMap(([setting, values]) =>
    values.length < 2
      ? []
      : values.map((to) => ({
          value: JSON.stringify([setting, to]),
          label: `${lastOf(setting)} = ${shownValue(to)}`,
          reference: { setting, to },
        })),
  );
  const usualReference = comparedWith(record);
  const chosen =
    choices.baseline === noBaseline
      ? undefined
      : (references.find(({ value }) => value === choices.baseline) ??
        references.find(({ reference }) => isSameValue(reference, usualReference)));
  const reference = chosen?.reference ?? null;
  const layout = layoutOf(record, combinations);
  return {
    study,
    done: doneOf(record, new Set(lines.keys())),
    combinations,
    layout: { ...layout, facets: bestFacets(layout, measure) },
    panels: layout.facets.length,
    tasks: tasks.map((task) => task ?? allTasks),
    measure,
    metrics,
    references,
    baseline: chosen?.value ?? noBaseline,
    reference,
    scores: scoresOf(record, combinations, {
      reference,
      metric: tasksOf(own).every(({ kind }) => hasMetric(kind, measure.metric)) ? measure.metric : undefined,
    }),
    claims: hasClaims(record) ? syntheticClaims(combinations) : [],
  };
}

/** Whether the paper's claims about its synthetic figures are about this study. */
const hasClaims = ({ origin }: StudyRecord): boolean =>
  origin.is === 'paper' && ['fig3', 'fig4', 'fig5'].includes(origin.figure);

/** Returns the panels, if they are not too many, and otherwise those with the best means, in their order. */
function bestFacets({ facets }: Layout, measure: Measure): Layout['facets'] {
  if (facets.length <= maxPanels) return facets;
  const sign = biggerIsBetter(measure.metric) ? 1 : -1;
  const scoreOf = (facet: Layout['facets'][number]): number =>
    Math.max(
      -Infinity,
      ...facet.series.flatMap(({ combination }) => {
        const values = [...measuredBySeed(combination, measure).values()];
        return values.length === 0 ? [] : [sign * meanOf(values)];
      }),
    );
  const best = new Set([...facets].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, maxPanels));
  return facets.filter((facet) => best.has(facet));
}

/** Says that not all panels are drawn; '': they are. */
export const cutText = ({ layout, panels }: StudyModel): string =>
  layout.facets.length === panels ? '' : s('panelsCut', layout.facets.length, panels);
