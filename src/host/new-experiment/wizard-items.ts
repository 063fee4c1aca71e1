import { variantMeaning, variants, type Variant } from '../../experiment/schema/variants.js';
import { unobviousPositive } from '../../shared/class-order.js';
import { isLeftOut, type ColumnReport, type DescribeReport } from '../../shared/messages/reports.js';
import { columnDetail, columnFacts } from '../experiment-file/column-text.js';
import { t } from '../editor/localise.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import { plainText } from '../editor/plain-text.js';

/** The lists of the wizard, without the editor: which columns are offered, and which start chosen. */

export interface ColumnItem {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
  readonly picked: boolean;
  readonly column: ColumnReport;
}

/** Returns the columns that can be a label, the likely ones first and chosen. */
export function labelItems(table: DescribeReport): ColumnItem[] {
  const able = table.columns.filter((column) => column.labelKind !== null);
  const likely = able.filter((column) => column.looksLikeLabel);
  return [...likely, ...able.filter((column) => !column.looksLikeLabel)].map((column) => ({
    label: plainText(column.name),
    description: plainText([column.labelKind, ...positiveFact(column), ...columnFacts(column)].join(' · ')),
    picked: column.looksLikeLabel,
    column,
  }));
}

/** Says which of two values would be positive. */
function positiveFact(column: ColumnReport): string[] {
  const positive = unobviousPositive(column);
  return column.labelKind === 'binary' && positive !== null ? [t('positive: {0}', positive)] : [];
}

/** Says what one should know of a column before it becomes a feature. */
function detailOf(column: ColumnReport, suspected: string | undefined): { detail?: string } {
  if (isLeftOut(column)) return { detail: plainText(column.why) };
  if (suspected !== undefined) return { detail: plainText(suspected) };
  if (column.several === undefined) return {};
  const { separator } = column.several;
  return {
    detail:
      separator === null
        ? t('lists: each field has any number of values')
        : t('several values in a field, separated by {0}', JSON.stringify(separator)),
  };
}

/** Returns the columns that are not labels, with what is suspected of them; those that would be ignored by default start chosen. */
export function ignoreItems(
  table: DescribeReport,
  labels: readonly string[],
  suspected: ReadonlyMap<string, string> = new Map(),
): ColumnItem[] {
  return table.columns
    .filter((column) => !labels.includes(column.name))
    .map((column) => ({
      label: plainText(column.name),
      description: plainText(columnDetail(column)),
      ...detailOf(column, suspected.get(column.name)),
      picked: isLeftOut(column),
      column,
    }));
}

/**
 * Returns the kinds that the values of a column allow, the inferred one first: a few numbers can be classes
 * as well as values.
 */
export function possibleKinds(column: ColumnReport): TaskKind[] {
  const isNumber = column.kind === 'numeric' || /INT|DOUBLE|FLOAT|DECIMAL/.test(column.type);
  // Two values, numbers or words, are a yes and a no.
  if (column.distinct === 2) return ['binary'];
  const kinds: TaskKind[] = [];
  if (column.distinct <= 100) kinds.push('multiclass');
  if (isNumber) kinds.push('regression');
  return [...kinds].sort((a, b) => Number(b === column.labelKind) - Number(a === column.labelKind));
}

export interface VariantItem {
  readonly label: string;
  readonly description: string;
  readonly picked: boolean;
  readonly variant: Variant;
}

/** Returns every variant with its meaning; those in `chosen` start chosen. */
export function variantItems(chosen: readonly Variant[]): VariantItem[] {
  return variants.map((variant) => ({
    label: variant,
    description: variantMeaning(variant),
    picked: chosen.includes(variant),
    variant,
  }));
}
