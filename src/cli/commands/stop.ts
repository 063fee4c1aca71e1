import { doLater } from '../../run/files/file-work.js';
import { systemProbe } from '../../run/liveness.js';
import { makeEmpty } from '../../run/files/run-file.js';
import { runPaths } from '../../run/files/run-paths.js';
import { readStatus } from '../../run/reader.js';
import { InputError } from '../../shared/errors.js';
import { findRun, runsFolderHere } from '../runs/find-run.js';
import { stdout } from '../terminal/terminal.js';
import { isLive } from '../../shared/run/run-status.js';

export async function stopCommand(run: string, options: { runs?: string }): Promise<void> {
  const folder = await findRun(run, runsFolderHere(options.runs));
  const reading = await readStatus(folder, systemProbe(), Date.now());
  if (reading.state !== 'ok') {
    throw new InputError('run.unreadable', reading.state === 'gone' ? 'the run is gone' : reading.reason, {
      file: folder,
    });
  }
  if (!isLive(reading)) {
    throw new InputError(
      'run.not-running',
      `run ${reading.manifest.id} is not training: it is ${reading.status}`,
    );
  }
  await doLater(makeEmpty(runPaths(folder).stop));
  stdout.line(`asked run ${reading.manifest.id} to stop after a checkpoint`);
}
