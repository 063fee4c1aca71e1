import { getNodeValue, parseTree } from 'jsonc-parser';
import * as v from 'valibot';
import { placeOfProblem } from '../../experiment/problem.js';
import { nestingProblem } from '../../experiment/syntax.js';
import { experimentSchema, type Experiment, type Source } from '../../experiment/schema.js';
import { InputError } from '../../shared/errors.js';

const { source: sourceSchema, read: readSchema } = experimentSchema.entries.data.entries;
const defaultsSchema = experimentSchema.entries.defaults;
const partsSchema = v.object({
  defaults: v.optional(v.unknown()),
  data: v.object({ source: v.unknown(), read: v.optional(v.unknown()) }),
});

/**
 * The table that an experiment's text names. The rest of the text may be wrong or half written: whoever is
 * writing it wants to know the columns.
 */
export function tableOf(
  text: string,
  file: string,
): { source: Source; read: Experiment['data']['read']; defaults: Experiment['defaults'] } {
  const nesting = nestingProblem(text, file);
  if (nesting !== null) throw new InputError(nesting.code, nesting.message, placeOfProblem(nesting));
  const root = parseTree(text, [], { allowTrailingComma: true });
  const parts = v.safeParse(partsSchema, root === undefined ? undefined : getNodeValue(root));
  const source = parts.success ? v.safeParse(sourceSchema, parts.output.data.source) : null;
  if (!parts.success || source?.success !== true) {
    throw new InputError(
      'experiment.no-source',
      'this experiment names no table; set data.source to a file',
      { file },
    );
  }
  const read = v.safeParse(readSchema, parts.output.data.read);
  const defaults = v.safeParse(defaultsSchema, parts.output.defaults);
  return {
    source: source.output,
    read: read.success ? read.output : undefined,
    defaults: defaults.success ? defaults.output : 1,
  };
}
