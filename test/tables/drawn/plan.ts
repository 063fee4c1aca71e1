import type { ScaleName, Split, Task } from '../table.js';
import type { Container } from '../written/container.js';
import type { Draw, DrawnColumn, Missing } from './cells.js';

/** A case before its values are drawn: what fast-check draws, shows and shrinks. */
export interface Plan {
  readonly rows: number;
  readonly names: readonly string[];
  /** Whether the second column has the first one's name in other letters; not in Parquet. */
  readonly sameButCase: boolean;
  /** A column whose values are the names of folders in some containers; null: there is none. */
  readonly partition: PartitionPlan | null;
  readonly features: readonly FeaturePlan[];
  readonly labels: readonly LabelPlan[];
  readonly validation: SplitPlan;
  readonly test: SplitPlan;
  readonly where: ConditionPlan | null;
  readonly weight: 'none' | 'whole' | 'real';
  readonly seed: number;
  readonly containers: readonly Container[];
  /** Whether predictions are compared as well. */
  readonly predicts: boolean;
}

export interface PartitionPlan {
  readonly kind: 'whole' | 'date' | 'text';
  /** Where its values end, as shares of the rows. */
  readonly ends: readonly number[];
}

export interface FeaturePlan extends DrawnColumn {
  readonly declared: 'no' | 'numeric' | 'categorical' | 'ignore';
  readonly scale: ScaleName;
  readonly minCount: number | null;
}

export type ConditionPlan = 'first feature is there' | 'marked';

/** A split whose condition is on the column of marks. */
export type SplitPlan = Exclude<Split, { kind: 'where' }> | { readonly kind: 'marked' };

export interface LabelPlan {
  readonly draw: Extract<Draw, 'truth' | 'few whole' | 'category' | 'money' | 'large whole' | 'share'>;
  readonly missing: Extract<Missing, 'none' | 'some'>;
  readonly late: boolean;
  readonly seed: number;
  readonly asCondition: boolean;
  readonly named: boolean;
  readonly says: boolean;
  readonly scale: Task['scale'];
}
