import { expect, it } from 'vitest';
import { studyJsonSchema } from './json-schema.js';

it('offers the settings of an experiment to vary and to pick, with their values', () => {
  const schema = studyJsonSchema() as {
    properties: {
      vary: { properties: Record<string, { items: { enum?: string[] }; description?: string }> };
      pick: { properties: { setting: { examples: string[] } } };
      base: { anyOf: { properties?: object }[] };
    };
  };
  const { vary, pick, base } = schema.properties;
  expect(vary.properties['model.variant']!.items.enum).toContain('mmoe');
  expect(vary.properties['training.learningRate']!.description).toMatch(/\S/);
  expect(Object.keys(vary.properties)).toContain('data.source.synthetic.correlation');
  expect(pick.properties.setting.examples).toEqual(Object.keys(vary.properties));
  expect(Object.keys(base.anyOf[1]!.properties!)).toContain('training');
});
