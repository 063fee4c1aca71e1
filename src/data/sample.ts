import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filmTable } from './sample-films.js';

/** Makes a workspace to try things in: a film shop's table with its experiment, and one on the paper's synthetic data. */
export async function writeSampleWorkspace(folder: string): Promise<void> {
  // The mark of a workspace: its runs stay in it, wherever it lies.
  await mkdir(join(folder, '.mmoe'), { recursive: true });
  await writeFile(join(folder, '.mmoe', '.gitignore'), '*\n');
  await writeFile(join(folder, 'films.csv'), filmTable(20_000, 1));
  await writeFile(join(folder, 'films.mmoe.json'), filmExperiment);
  await writeFile(join(folder, 'synthetic.mmoe.json'), syntheticExperiment);
}

const filmExperiment = `// A film shop: who buys, who likes what they bought, and how long they watch. The table is generated.
{
  "data": {
    "source": "films.csv",
    "validation": 0.1, // a tenth of the rows chooses the best epoch
    "test": 0.1 // a tenth is looked at once, at the end
  },

  // Learned together. A row without a label (a film that was not bought cannot be liked) teaches the other tasks only.
  "tasks": [
    { "label": "bought", "kind": "binary" },
    { "label": "liked", "kind": "binary" },
    { "label": "minutes", "kind": "regression", "lossWeight": 0.5 }
  ],

  // All other columns are used as they are inferred.
  "columns": {
    "user_id": { "kind": "categorical", "encode": { "embedding": 8 }, "minCount": 3 }, // a learned vector per user
    "film_id": { "kind": "categorical", "encode": { "embedding": 8 } },
    "hour": { "kind": "categorical" }, // 23 is close to 0
    "price": { "kind": "numeric", "scale": "standard" }
  },

  // mmoe, omoe, shared-bottom or single-task.
  "model": { "variant": "mmoe", "experts": { "count": 8, "layers": [16] }, "towers": { "layers": [8] } },

  "training": { "learningRate": 0.001, "batchSize": 256, "epochs": 15, "seed": 1, "stopEarly": { "patience": 4 } }
}
`;

const syntheticExperiment = `// The synthetic data of the paper, section 3.2: two regressions whose relatedness is chosen.
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
