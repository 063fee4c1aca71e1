import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * A program that answers one request a line (peers/common.py says which). It starts at the first request.
 */
export class Contender {
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams | null} */
  #child = null;
  /** @type {AsyncIterator<string> | null} */
  #lines = null;
  #said = '';

  /**
   * @param {string} name @param {string} command @param {string[]} args @param {Record<string, string>}
   *   [environment]
   */
  constructor(name, command, args, environment = {}) {
    this.name = name;
    this.command = command;
    this.args = args;
    this.environment = environment;
  }

  /**
   * @param {object} request
   * @returns {Promise<{ rowsPerSecond: number, rowsPerProcessorSecond?: number } | { error: string }>}
   */
  async ask(request) {
    this.#start();
    this.#child?.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await this.#lines?.next();
    if (line === undefined || line.done === true)
      return { error: this.#said.trim().split('\n').at(-1) ?? 'it ended' };
    return JSON.parse(line.value);
  }

  #start() {
    if (this.#child !== null) return;
    const environment = { ...process.env, ...this.environment };
    // A shell that sets it slows PyTorch.
    delete environment['OPENBLAS_CORETYPE'];
    const child = spawn(this.command, this.args, { env: environment });
    child.on('error', (error) => (this.#said += `${error.message}\n`));
    child.stdin.on('error', () => {});
    child.stderr.on('data', (bytes) => (this.#said += String(bytes)));
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  end() {
    this.#child?.stdin.end();
    this.#child?.kill();
  }
}
