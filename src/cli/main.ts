import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../../package.json';
import type { CompareOptions } from './commands/studies/compare.js';
import type { CheckOptions } from './commands/check.js';
import type { DescribeOptions } from './commands/data/describe.js';
import type { InstallTensorflowOptions } from './commands/install-tensorflow.js';
import type { NewOptions } from './commands/data/new.js';
import type { PredictOptions } from './commands/predict.js';
import type { PaperOptions } from './commands/studies/paper.js';
import type { SimulateOptions } from './commands/data/simulate.js';
import type { StudyOptions } from './commands/studies/study.js';
import type { TeachOptions } from './commands/teach.js';
import type { TrainOptions } from './commands/train.js';
import type { ServeOptions } from './trainers/serve.js';
import { exitCodes } from '../shared/exit-codes.js';
import { reportFailure } from './failure.js';
import { surviveBrokenPipes } from './terminal/terminal.js';
import { giveMemoryBackThrough } from '../memory/release.js';

// Read when DuckDB is loaded: its allocator keeps no memory that was given back, where it would keep tens of
// megabytes for ten seconds.
process.env['DUCKDB_JE_MALLOC_CONF'] ??= 'dirty_decay_ms:0,muzzy_decay_ms:0';

// A training makes few objects: the room for young ones stays as small as it is at first, and old ones are
// marked in one go of some milliseconds; in steps, up to ten megabytes are taken beyond that room meanwhile.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--no-incremental-marking');

// The native kernel can give freed memory back to the system. It is loaded only where memory is released.
giveMemoryBackThrough(async () => {
  const { giveBackFreed } = await import('../engine/fused/machine/choose-target.js');
  giveBackFreed();
});

/**
 * `mmoe`: every command is loaded when it is called, so that `mmoe runs` starts at once and loads neither
 * DuckDB nor an engine.
 */
const program = new Command('mmoe')
  .description('Trains multi-task models (MMoE and its relatives) on tables.')
  .version(version)
  .helpCommand(false)
  .exitOverride()
  .configureOutput({ writeErr: () => undefined });

const collect = (value: string, before: string[]): string[] => [...before, value];
const whole = (value: string): number => (/^[1-9]\d*$/.test(value) ? Number(value) : Number.NaN);
const shareOf = (value: string): number => {
  const share = Number(value);
  if (value.trim() !== '' && share >= 0 && share <= 1) return share;
  throw new InvalidArgumentError('it must be a number from 0 to 1');
};
const runs = (): Option =>
  new Option('--runs <dir>', 'the folder that run folders go to or are looked for in');
const json = (what: string): Option => new Option('--json', what);
const set = (): Option =>
  new Option(
    '--set <path=value>',
    'change a setting of the experiment, for this run; null: back to its default, as training.stopEarly=null',
  )
    .argParser(collect)
    .default([], 'none');

program
  .command('train')
  .description('train an experiment')
  .argument('<file>', 'a *.mmoe.json file')
  .addOption(set())
  .option('--name <name>', 'name of the run')
  .addOption(runs())
  .addOption(new Option('--id <id>', 'take this queued run').hideHelp())
  .addOption(json('print the run’s manifest last, and everything else on stderr'))
  .action(async (file: string, options: TrainOptions) =>
    finish(await (await import('./commands/train.js')).trainCommand(file, options)),
  );

program
  .command('resume')
  .description('go on with a run from its last checkpoint')
  .argument('<run>')
  .addOption(runs())
  .addOption(json('print the run’s manifest last, and everything else on stderr'))
  .action(async (run: string, options: { runs?: string; json?: boolean }) =>
    finish(await (await import('./commands/resume.js')).resumeCommand(run, options)),
  );

program
  .command('stop')
  .description('ask a running trainer to stop after a checkpoint')
  .argument('<run>')
  .addOption(runs())
  .action(async (run: string, options: { runs?: string }) =>
    (await import('./commands/stop.js')).stopCommand(run, options),
  );

program
  .command('compare')
  .description('train several variants with several seeds, in parallel, and compare them')
  .argument('[file]', 'a *.mmoe.json file')
  .option('--variants <names>', 'separated by commas; default: all')
  .option(
    '--leave-out',
    'leave out those of --variants that cannot take the experiment’s settings; ' +
      'without --variants they always are',
  )
  .option('--seeds <count>', 'how many seeds, from the experiment’s on; default: 1', whole)
  .option(
    '--parallel <count>',
    'how many runs to train at once; default: as many as there are cores, and memory for',
    whole,
  )
  .addOption(set())
  .addOption(runs())
  .option(
    '--resume <comparison>',
    'instead of FILE: go on with a comparison that was stopped or killed, by its id or name',
  )
  .option('--estimate', 'only tell how long it would take, by a short look at a training of each variant')
  .addOption(new Option('--id <id>', 'of the comparison').hideHelp())
  .addOption(json('print the table as JSON, and everything else on stderr'))
  .action(async (file: string | undefined, options: CompareOptions) =>
    finish(await (await import('./commands/studies/compare.js')).compareCommand(file, options)),
  );

program
  .command('serve-training', { hidden: true })
  .description('train what mmoe compare and mmoe study ask for')
  .argument('<runs>')
  .requiredOption('--threads <count>', 'of each engine', whole)
  .requiredOption('--from <pid>', 'the process that has started it', whole)
  .action(async (_: string, options: ServeOptions) =>
    finish(await (await import('./trainers/serve.js')).serveTraining(options)),
  );

program
  .command('study')
  .description('train what is missing of a study, and print its table')
  .argument('<file>', 'a *.study.json file; with --open also the folder of a study')
  .option('--parallel <count>', 'how many runs to train at once; default: as many as there are cores', whole)
  .option(
    '--open <line>',
    'train a line of runs.jsonl again as a run with everything: its number, or its key',
  )
  .addOption(json('print the table as JSON, and everything else on stderr'))
  .action(async (file: string, options: StudyOptions) =>
    finish(await (await import('./commands/studies/study.js')).studyCommand(file, options)),
  );

program
  .command('paper')
  .description('reproduce a figure or table of the paper')
  .argument('<figure>', 'fig2 … fig6 or table1 … table4')
  .option('--protocol <size>', 'of figures 3 to 5: small (10,000 training rows) or large (96,000)', 'small')
  .option('--data <folder>', 'of tables 1 and 2: where the files of Census-Income are', '.')
  .option(
    '--trials <count>',
    'of tables 1 and 2: how many settings each method is tuned by; default: 40',
    whole,
  )
  .option(
    '--seeds <count>',
    'how many trials or runs of each; default: as many as in the paper, 20 in tables 1 and 2, 10 of the recommender',
    whole,
  )
  .option('--parallel <count>', 'how many runs to train at once; default: as many as there are cores', whole)
  .addOption(set())
  .action(async (figure: string, options: PaperOptions) =>
    finish(await (await import('./commands/studies/paper.js')).paperCommand(figure, options)),
  );

program
  .command('predict')
  .description('predict every row of a table with a trained run')
  .argument('<run>')
  .argument('[source...]', 'files, globs or folders; default: the table that the run was trained on')
  .option('--out <file>', 'a .csv or .parquet file; with --check none')
  .option('--check', 'only count the rows, and what the model knows nothing of in them')
  .option('--sql <query>', 'predict the rows of a query in DuckDB’s SQL')
  .option('--gates', 'also a column for each task and expert')
  .option('--and <run>', 'predict the mean of this run and the first; repeatable', collect, [])
  .option('--keep <columns>', 'columns to carry along, as user,item; repeatable', collect, [])
  .option('--by <columns>', 'score by the values of columns, as device,hour; repeatable', collect, [])
  .option('--no-test', 'do not read the data of several runs again to score their mean on its test rows')
  .addOption(runs())
  .addOption(json('print the counts and metrics as JSON'))
  .addOption(new Option('--progress', 'tell a program how far it is, on stderr').hideHelp())
  .action(async (run: string, sources: string[], options: PredictOptions) =>
    finish(await (await import('./commands/predict.js')).predictCommand(run, sources, options)),
  );

program
  .command('serve-rows', { hidden: true })
  .description('predict the rows that the editor’s form has, one after the other')
  .argument('<run>')
  .action(async (run: string) => (await import('./commands/serve-rows.js')).serveRowsCommand(run));

program
  .command('data')
  .description('write the rows that an experiment would train on, with their split and labels')
  .argument('<file>', 'a *.mmoe.json file')
  .requiredOption('--out <file>', 'a .csv or .parquet file')
  .addOption(set())
  .action(async (file: string, options: { out: string; set: string[] }) =>
    (await import('./commands/data/data.js')).dataCommand(file, options),
  );

program
  .command('simulate')
  .description('write the log of a simulated recommender: clicks, and likes of what was clicked')
  .argument('[file]', 'a *.mmoe.json file that has one as its source; default: one of its own')
  .requiredOption('--out <file>', 'a .csv or .parquet file')
  .option('--rows <count>', 'how many rows', whole)
  .addOption(
    new Option('--set <name=value>', 'a setting of the simulator, as users=5000 or policy.skill=0')
      .argParser(collect)
      .default([], 'none'),
  )
  .action(async (file: string | undefined, options: SimulateOptions) =>
    (await import('./commands/data/simulate.js')).simulateCommand(file, options),
  );

program
  .command('teach')
  .description(
    'let an experiment be its own teacher: write its rows with out-of-fold predictions, and an experiment',
  )
  .argument('<file>', 'a *.mmoe.json file')
  .requiredOption('--out <file>', 'a .parquet file; the new experiment goes beside it')
  .option(
    '--folds <count>',
    'how many models, each of which predicts the rows that it has not seen',
    whole,
    5,
  )
  .option('--weight <share>', 'how much the teacher counts in what rows are taught, 0 … 1', shareOf, 0.5)
  .action(async (file: string, options: TeachOptions) =>
    finish(await (await import('./commands/teach.js')).teachCommand(file, options)),
  );

program
  .command('describe')
  .description('show the columns of a table')
  .argument('<source>', 'a file, glob or folder')
  .option('--experiment', 'SOURCE is an experiment file: describe its table')
  .option('--stdin', 'with --experiment: read its text from standard input; SOURCE only names it')
  .addOption(json('print the report as JSON'))
  .action(async (source: string, options: DescribeOptions) =>
    (await import('./commands/data/describe.js')).describeCommand(source, options),
  );

program
  .command('check')
  .description('check an experiment against its data')
  .argument('<file>', 'a *.mmoe.json file')
  .addOption(json('print the report as JSON'))
  .option('--stdin', 'read the experiment’s text from standard input; FILE only names it')
  .option('--no-data', 'do not look at the data')
  .addOption(set())
  .action(async (file: string, options: CheckOptions) =>
    finish(await (await import('./commands/check.js')).checkCommand(file, options)),
  );

program
  .command('runs')
  .description('list the runs found here')
  .addOption(runs())
  .addOption(json('print them as JSON'))
  .option('--tag <tag>', 'only runs with this tag; repeatable', collect, [])
  .option('--where <query>', 'only runs that fit, as "learningRate < .01 and variant = mmoe"')
  .action(async (options: { runs?: string; json?: boolean; tag: string[]; where?: string }) =>
    (await import('./commands/runs.js')).runsCommand(options),
  );

program
  .command('show')
  .description('show one run')
  .argument('<run>')
  .addOption(runs())
  .addOption(json('print its manifest as JSON'))
  .action(async (run: string, options: { runs?: string; json?: boolean }) =>
    (await import('./commands/show.js')).showCommand(run, options),
  );

program
  .command('new')
  .description('write an experiment file for a table')
  .argument('<source>', 'a file, glob or folder')
  .option(
    '--label <column>',
    'a column to predict (again for more tasks); default: those that look like labels',
    collect,
    [],
  )
  .option('--variant <name>', 'how the tasks are learned together; mmoe variants lists what there is', 'mmoe')
  .option('--out <file>', 'default: the table’s name with .mmoe.json, beside it')
  .action(async (source: string, options: NewOptions) =>
    (await import('./commands/data/new.js')).newCommand(source, options),
  );

program
  .command('cache')
  .description('list the encoded rows that are kept for the next training, and their size')
  .option('--clear', 'remove them; the next training encodes its rows anew')
  .addOption(json('print them as JSON'))
  .action(async (options: { clear?: boolean; json?: boolean }) =>
    (await import('./commands/data/cache.js')).cacheCommand(options),
  );

program
  .command('variants')
  .description('list the variants, each in a sentence with its source')
  .action(async () => (await import('./commands/studies/variants.js')).variantsCommand());

program
  .command('sample')
  .description('write a sample workspace: experiments and a generated table')
  .argument('<folder>')
  .action(async (folder: string) => (await import('./commands/data/sample.js')).sampleCommand(folder));

program
  .command('install-tensorflow')
  .description('fetch TensorFlow’s native library for the tensorflow engine')
  .option('--wheel <file>', 'a wheel of TensorFlow on this machine')
  .option('--sha256 <hex>', 'with --wheel: its SHA-256, where this program does not know it')
  .option('--index <address>', 'a package index; default: pip’s own configuration')
  .option('--force', 'again, even where it is installed')
  .action(async (options: InstallTensorflowOptions) =>
    (await import('./commands/install-tensorflow.js')).installTensorflowCommand(options),
  );

function finish(code: number): void {
  process.exitCode = code;
}

surviveBrokenPipes();
try {
  await program.parseAsync();
} catch (error) {
  // Help and version are thrown too, with code 0; help that nobody asked for, where there is no command, with
  // another.
  if (error instanceof CommanderError && error.code === 'commander.help') {
    process.stderr.write(program.helpInformation());
    process.exitCode = exitCodes.badInput;
  } else
    process.exitCode =
      error instanceof CommanderError && error.exitCode === 0
        ? exitCodes.done
        : reportFailure(error, calledCommand());
}

/** Returns the name of the command that was called; empty: there is none of that name. */
function calledCommand(): string {
  const [wanted] = program.args;
  return program.commands.find((one) => one.name() === wanted)?.name() ?? '';
}
