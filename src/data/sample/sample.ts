import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { choicesFor } from '../../experiment/chosen-defaults.js';
import { inLine } from '../../shared/in-line.js';
import { filmTable } from './sample-films.js';

/**
 * Writes a workspace to try things in: a film shop's table with its experiment, and an experiment on the
 * paper's synthetic data. Files that exist stay as they are; returns the names of those with another content.
 */
export async function writeSampleWorkspace(folder: string): Promise<string[]> {
  // This folder marks a workspace: its runs stay in it, wherever it lies.
  await mkdir(join(folder, '.mmoe'), { recursive: true });
  await writeNew(join(folder, '.mmoe', '.gitignore'), '*\n');
  const files = {
    'films.csv': filmTable(filmRows, 1),
    'films.mmoe.json': filmExperiment,
    'synthetic.mmoe.json': syntheticExperiment,
  };
  const kept: string[] = [];
  for (const [name, text] of Object.entries(files))
    if (!(await writeNew(join(folder, name), text))) kept.push(name);
  return kept;
}

/** Writes a file if there is none; returns false if there is one with another content. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return (await readFile(path, 'utf8')) === text;
  }
}

const filmRows = 20_000;
const held = 0.1;
/** What `"defaults": 2` chooses for the film shop's training rows, of whose columns five are numbers. */
const { data, model, training } = choicesFor({ rows: filmRows * (1 - 2 * held), numeric: 5 });
const trainingLines = Object.entries(training).map(([key, value]) => `    "${key}": ${inLine(value)}`);
const embedded = '"kind": "categorical", "encode": { "embedding": 8 }';

const filmExperiment = `\
// A film shop: who buys, who likes what they bought, and how long they watch. The table is generated.
{
  "defaults": 2, // what these choose for so many rows is written below

  "data": {
    "source": "films.csv",
    "validation": ${held}, // a tenth of the rows chooses the best epoch
    "test": ${held}, // a tenth is looked at once, at the end
    "scale": ${inLine(data.scale)} // how numbers enter the network
  },

  // Learned together. A row without a label (a film that was not bought cannot be liked) teaches the other
  // tasks only.
  "tasks": [
    { "label": "bought", "kind": "binary" },
    { "label": "liked", "kind": "binary" },
    { "label": "minutes", "kind": "regression", "lossWeight": 0.5 }
  ],

  // All other columns are used as they are inferred.
  "columns": {
    "user_id": { ${embedded}, "minCount": 3 }, // a learned vector per user
    "film_id": { ${embedded} },
    "hour": { "kind": "categorical" }, // as a number, 23 would be far from 0
    "price": { "kind": "numeric" }
  },

  // How the tasks are learned together; completion lists the other variants.
  "model": {
    "variant": "mmoe",
    "experts": ${inLine(model.experts)},
    "towers": ${inLine(model.towers)}
  },

  "training": {
${trainingLines.join(',\n')},
    "seed": 1
  }
}
`;

const syntheticExperiment = `\
// The synthetic data of the paper, section 3.2: two regressions whose relatedness is chosen.
{
  "data": {
    "source": {
      "synthetic": {
        "rows": 10000,
        "dimensions": 100,
        "correlation": 0.5, // cosine of the angle between the tasks' weights; try 0 and 1
        "terms": 4, // sine terms that make the labels nonlinear
        "noise": 0.1,
        "seed": 1
      }
    }
  },
  "tasks": [{ "label": "y1" }, { "label": "y2" }],
  "model": { "variant": "mmoe", "experts": { "count": 8, "layers": [16] }, "towers": { "layers": [8] } },
  "training": { "learningRate": 0.003, "batchSize": 128, "epochs": 25, "seed": 1 }
}
`;
