/** The uses of a column, as its DuckDB type allows; an enumeration is text too. */
export type TypeKind = 'integer' | 'float' | 'decimal' | 'boolean' | 'time' | 'text' | 'other';

/** Returns the kind of a DuckDB type, from its name. */
export function typeKind(type: string): TypeKind {
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER)$/.test(type)) return 'integer';
  if (type === 'DOUBLE' || type === 'FLOAT') return 'float';
  // Databases and Parquet, which has no whole numbers of more than 64 bits, write these so.
  if (/^DECIMAL\(\d+,0\)$/.test(type)) return 'integer';
  if (type.startsWith('DECIMAL')) return 'decimal';
  if (type === 'BOOLEAN') return 'boolean';
  if (/^(DATE|TIMESTAMP|TIME)/.test(type)) return 'time';
  if (type === 'VARCHAR' || type === 'UUID' || type.startsWith('ENUM')) return 'text';
  return 'other';
}

/** Whether a type is that of lists of single values. */
export const isList = (type: string): boolean =>
  /\[\d*\]$/.test(type) && typeKind(type.replace(/\[\d*\]$/, '')) !== 'other';

const isNumeric: Record<TypeKind, boolean> = {
  integer: true,
  float: true,
  decimal: true,
  boolean: false,
  time: false,
  text: false,
  other: false,
};

export const isInteger = (type: string): boolean => typeKind(type) === 'integer';
export const isFloat = (type: string): boolean => typeKind(type) === 'float';
export const isNumber = (type: string): boolean => isNumeric[typeKind(type)];
export const isTime = (type: string): boolean => typeKind(type) === 'time';
export const isText = (type: string): boolean => typeKind(type) === 'text';

/** Returns the SQL of a value as a double: null where it is missing or no number. */
export function numberSql(sql: string, type: string): string {
  switch (typeKind(type)) {
    case 'integer':
    case 'float':
    case 'decimal':
      return `${sql}::double`;
    case 'boolean':
      return `${sql}::integer::double`;
    case 'time':
      return `epoch(${sql})::double`;
    case 'text':
    case 'other':
      return `try_cast(${sql} as double)`;
  }
}
