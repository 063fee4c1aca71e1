/** Returns a text as an SQL literal: `'it''s'`. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Returns a name as a quoted SQL identifier: `"user id"`. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Returns a name as a person would write it in SQL: quoted only where it has to be. */
export const sqlName = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : quoted(name);
