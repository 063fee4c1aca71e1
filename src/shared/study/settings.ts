/** What a combination of a study has of its own, by the path of the setting. */
export type Settings = Readonly<Record<string, unknown>>;

/** Whether two values of a setting are the same JSON. */
export const isSameValue = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Returns a setting's value for people. */
export const shownValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** The last part of a setting's path, which says enough beside its values. */
export const lastOf = (path: string): string => path.split('.').at(-1)!;

/** Returns settings as `--set` takes them. */
export const setsOf = (settings: Settings): string[] =>
  Object.entries(settings).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
