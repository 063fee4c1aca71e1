import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Where programs start, unless they are told another place: Python takes modules, and npm settings, from the
 * folder that they start in, which must not be a workspace.
 */
const ownFolder = fileURLToPath(new URL('.', import.meta.url));

/** Runs a program to its end; throws with the last lines that it wrote where it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { code, output } = await outcome(command, args, options);
  if (code === 0) return output;
  const end = output.trim().split('\n').slice(-12).join('\n');
  throw new Error(
    `${command} ${args[0] ?? ''} failed (${code ?? 'ended by a signal'})${end === '' ? '' : `:\n${end}`}`,
  );
}

/** False where the program is not there or fails. */
export async function commandWorks(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await outcome(command, args, {})).code === 0;
  } catch {
    return false;
  }
}

function outcome(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ownFolder, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
