/** With or without the name. */
export const toggled = (names: readonly string[], name: string, on: boolean): string[] => [
  ...names.filter((other) => other !== name),
  ...(on ? [name] : []),
];
