import { hasMetric } from '../../../src/shared/task-kinds.js';
import type { PaperReport } from '../../../src/shared/study/paper/paper-table.js';
import { paperReport } from '../../../src/shared/study/paper/report.js';
import { doneOf } from '../../../src/shared/study/record.js';
import {
  combinationsOf,
  layoutOf,
  measuredBySeed,
  measureChoices,
  type Layout,
  type Measure,
} from '../../../src/shared/study/results.js';
import { withShortNames } from '../../../src/shared/study/short-names.js';
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
  /** What it has come to beside what the paper says; null: it is no study of the paper. */
  readonly paper: PaperReport | null;
}

/** Every task together. */
export const allTasks = '*';
export const noBaseline = '';
const maxPanels = 12;

/** Works out what the page shows of a study, with what a person has chosen. */
export function buildStudyModel(told: ShownStudy, choices: StudyPageState): StudyModel {
  const short = withShortNames(told.record);
  const record = short.plan;
  const lines = new Map([...told.lines].map(([key, line]) => [key, short.line(line)]));
  const study = { ...told, record, lines };
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
    paper: paperReport(record, combinations),
  };
}

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
