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
  const { base, vary, pick, random, tune, ...others } = schema.properties as Record<
    'base' | 'vary' | 'pick' | 'random' | 'tune',
    object
  >;
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
      random: withChoices(random, settings),
      tune: withChoices(tune, settings),
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

/**
 * Returns the schema of what settings are chosen from, with their paths offered: numbers a range and values, others
 * values.
 */
function withChoices(part: object, settings: ReadonlyMap<string, Node>): object {
  const { properties = {} } = part as Node;
  const { settings: choices, ...others } = properties as Record<string, Choices>;
  const { anyOf } = choices!.additionalProperties;
  const properly = [...settings].map(([path, node]): [string, object] => {
    const offered = anyOf.map((one) =>
      'values' in one.properties
        ? { ...one, properties: { ...one.properties, values: { type: 'array', minItems: 1, items: node } } }
        : one,
    );
    return [path, { anyOf: offered, description: node.description }];
  });
  return {
    ...part,
    properties: { ...others, settings: { ...choices, properties: Object.fromEntries(properly) } },
  };
}

/** The schema of settings that are chosen. */
interface Choices {
  readonly additionalProperties: { readonly anyOf: readonly { readonly properties: object }[] };
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
