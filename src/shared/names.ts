/** These functions name experiments, their files and their runs. Paths have forward slashes here. */

const ending = '.mmoe.json';

export const isExperimentFile = (path: string): boolean => path.endsWith(ending);

/** Returns the name of the experiment in a file: `census` for `data/census.mmoe.json`. */
export const experimentName = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/(\.mmoe)?\.jsonc?$/i, '');

const studyEnding = '.study.json';

export const isStudyFile = (path: string): boolean => path.endsWith(studyEnding);

/** Returns the name of the study in a file: `seeds` for `work/seeds.study.json`. */
export const studyName = (path: string): string =>
  path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1).slice(0, -studyEnding.length);

/** Returns the name of a run's experiment: its own, else its file's; null when the run has neither. */
export function experimentOfRun({
  experiment,
  experimentFile,
}: {
  readonly experiment: Readonly<Record<string, unknown>> | null;
  readonly experimentFile: string | null;
}): string | null {
  const name = experiment?.['name'];
  if (typeof name === 'string' && name !== '') return name;
  return experimentFile === null ? null : experimentName(experimentFile);
}

/** Returns the default name of a run, `census mmoe`: its experiment and, unless that says it, the variant. */
export function defaultRunName(experiment: {
  readonly name?: string | undefined;
  readonly model: { readonly variant: string };
}): string {
  const { name = 'experiment', model } = experiment;
  return name.toLowerCase().includes(model.variant) ? name : `${name} ${model.variant}`;
}

/**
 * Returns the name of a new experiment file for a table: `films.mmoe.json` for `films.csv.gz`. A name that is
 * taken gets a number.
 */
export function newExperimentFile(table: string, isTaken: (name: string) => boolean): string {
  const stem = table
    .replace(/\.(gz|zst)$/i, '')
    .replace(/\.(csv|tsv|txt|parquet|json|jsonl|ndjson|data)$/i, '')
    .replaceAll(/[*?[\]]/g, '');
  const base = stem === '' ? 'experiment' : stem;
  for (let n = 1; ; n++) {
    const name = `${base}${n === 1 ? '' : `-${n}`}${ending}`;
    if (!isTaken(name)) return name;
  }
}
