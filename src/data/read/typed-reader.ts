import { literalPath, type FileFormat } from './files/source-files.js';
import { partitionArgument, withPartitions, type Partition } from './files/partitions.js';

/** Formats whose files bring their types. */
export type TypedFormat = Exclude<FileFormat, 'csv'>;

const readers: Record<TypedFormat, { readonly call: string; readonly more: string }> = {
  parquet: { call: 'read_parquet', more: '' },
  // Keys and types are those of all rows, not of a sample, and many keys are many columns.
  json: { call: 'read_json', more: ', sample_size = -1, map_inference_threshold = -1' },
};

/** Returns the SQL of the rows of files that bring their types. */
export function typedReader(
  format: TypedFormat,
  files: readonly string[],
  partitions: readonly Partition[] = [],
): string {
  const { call, more } = readers[format];
  const listed = files.map(literalPath).join(', ');
  const all = `hive_partitioning = false, union_by_name = true${partitionArgument(partitions)}${more}`;
  const reader = `${call}([${listed}], ${all})`;
  return withPartitions(reader, partitions);
}
