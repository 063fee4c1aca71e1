import { toJsonSchema } from '@valibot/to-json-schema';
import { experimentJsonSchema } from '../experiment/json-schema.js';
import { studySchema } from './schema.js';

/** The part of a JSON schema that settings are found in. */
interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
}

/**
 * Returns the JSON schema of `*.study.json`, from which the editor takes completion and hover texts: also for the paths
 * of settings that vary, each with the values that the setting takes.
 */
export function studyJsonSchema(): object {
  const schema = toJsonSchema(studySchema, { typeMode: 'input' });
  const experiment = experimentJsonSchema();
  const settings = settingsOf(experiment);
  const { base, vary, pick, ...others } = schema.properties as Record<'base' | 'vary' | 'pick', object>;
  const lists = [...settings].map(([path, node]) => [
    path,
    { type: 'array', minItems: 1, items: node, description: node.description },
  ]);
  return {
    ...schema,
    title: 'MMoE study',
    properties: {
      ...others,
      base: { ...base, anyOf: [{ type: 'string' }, { ...experiment, required: ['data', 'tasks'] }] },
      vary: { ...vary, properties: Object.fromEntries(lists) as object },
      pick: withSettings(pick, [...settings.keys()]),
    },
    // VS Code's own keys: the language of these files allows both.
    allowComments: true,
    allowTrailingCommas: true,
  };
}

/** Returns the schema of what is picked, with the paths that its setting may have offered. */
function withSettings(pick: object, paths: readonly string[]): object {
  const { properties = {} } = pick as Node;
  return { ...pick, properties: { ...properties, setting: { ...properties['setting'], examples: paths } } };
}

/** Returns the settings of an experiment that have a path of names alone, by it. */
function settingsOf(experiment: Node): Map<string, Node> {
  const settings = new Map<string, Node>();
  const walk = (node: Node, path: string): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      const at = path === '' ? key : `${path}.${key}`;
      if (path !== '' && !settings.has(at)) settings.set(at, child);
      walk(child, at);
    }
    for (const one of node.anyOf ?? []) walk(one, path);
  };
  walk(experiment, '');
  return settings;
}
