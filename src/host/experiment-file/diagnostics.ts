import { totalmem } from 'node:os';
import * as vscode from 'vscode';
import { parseExperiment } from '../../experiment/load.js';
import type { Problem } from '../../shared/messages/reports.js';
import { formatBytes } from '../../shared/numbers.js';
import { t } from '../editor/localise.js';
import { MemoryError, type Program } from '../program/program.js';
import { checkExperiment } from '../program/questions.js';
import { problemOnDocument } from './problem-on-document.js';
import { isExperimentFile } from '../../shared/names.js';

/** For so long nothing must be typed before a text is checked again. */
const quietMilliseconds = 400;
/** A check of the data takes at most so long; a training reads larger tables all the same. */
const checkMilliseconds = 5 * 60_000;
/** And so much memory: it runs beside the editor, unasked. */
const checkBytes = Math.min(4e9, totalmem() / 2);

/**
 * The problems of experiment files in the editor. The editor itself shows what the JSON schema can say. This
 * adds unknown and missing keys, names that refer to nothing and, on opening and saving, what the program
 * finds in the data.
 */
export class ExperimentDiagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection('mmoe');
  private readonly subscriptions: vscode.Disposable[] = [this.collection];
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly checks = new Map<string, AbortController>();

  constructor(
    private readonly program: () => Program,
    private readonly log: (message: string) => void,
  ) {
    const { workspace } = vscode;
    this.subscriptions.push(
      workspace.onDidOpenTextDocument((document) => void this.checkData(document)),
      workspace.onDidSaveTextDocument((document) => void this.checkData(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.checkTextSoon(document)),
      workspace.onDidCloseTextDocument((document) => this.forget(document.uri)),
      workspace.onDidGrantWorkspaceTrust(() => this.checkOpen()),
    );
    this.checkOpen();
  }

  private checkOpen(): void {
    for (const document of vscode.workspace.textDocuments) void this.checkData(document);
  }

  private checkTextSoon(document: vscode.TextDocument): void {
    if (!isExperiment(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    // What it would find is about a text that is no more.
    this.checks.get(key)?.abort();
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        this.show(document, parseExperiment(document.getText(), document.uri.fsPath).problems);
      }, quietMilliseconds),
    );
  }

  /** Checks the text first, which is instant; then the data, if the text is sound and the folder trusted. */
  private async checkData(document: vscode.TextDocument): Promise<void> {
    if (!isExperiment(document)) return;
    const key = document.uri.toString();
    this.checks.get(key)?.abort();
    const { experiment, problems } = parseExperiment(document.getText(), document.uri.fsPath);
    this.show(document, problems);
    if (experiment === null || !vscode.workspace.isTrusted) return;
    const controller = new AbortController();
    this.checks.set(key, controller);
    const version = document.version;
    const folder = vscode.Uri.joinPath(document.uri, '..').fsPath;
    try {
      const report = await checkExperiment(document.uri.fsPath, document.getText(), {
        program: this.program(),
        folder,
        memory: checkBytes,
        signal: AbortSignal.any([controller.signal, AbortSignal.timeout(checkMilliseconds)]),
      });
      if (document.version === version && !controller.signal.aborted) this.show(document, report.problems);
    } catch (error) {
      if (error instanceof MemoryError && document.version === version)
        this.show(document, [...problems, memoryProblem(document.uri.fsPath, error)]);
      if (!controller.signal.aborted)
        this.log(
          `Could not check ${document.uri.fsPath}: ${error instanceof Error ? error.message : String(error)}`,
        );
    }
  }

  private show(document: vscode.TextDocument, problems: readonly Problem[]): void {
    const own = problems.filter(({ code }) => !saidBySchema(code));
    this.collection.set(
      document.uri,
      own.map((found) => {
        const problem = problemOnDocument(found, document.getText(), document.uri.fsPath);
        const diagnostic = new vscode.Diagnostic(
          rangeOf(problem),
          problem.message,
          problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
        );
        diagnostic.source = 'MMoE';
        diagnostic.code = problem.code;
        if (found.file !== null && found.file !== problem.file && found.line !== null) {
          const line = new vscode.Location(
            vscode.Uri.file(found.file),
            new vscode.Position(found.line - 1, 0),
          );
          diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(line, found.message)];
        }
        return diagnostic;
      }),
    );
  }

  private forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.checks.get(key)?.abort();
    this.checks.delete(key);
    this.collection.delete(uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const check of this.checks.values()) check.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** What the editor says of a check that was ended: a training may take more than what runs while one types. */
const memoryProblem = (file: string, { bytes }: MemoryError): Problem => ({
  severity: 'warning',
  code: 'check.memory',
  message: t(
    'The check of the data took more than {0} of memory and was ended; ' +
      'run mmoe check in a terminal for the rest.',
    formatBytes(bytes),
  ),
  file,
  line: null,
  column: null,
  endLine: null,
  endColumn: null,
});

const isExperiment = (document: vscode.TextDocument): boolean =>
  document.uri.scheme === 'file' && isExperimentFile(document.fileName);

/** The codes of mistakes in keys, about which the JSON schema says nothing. */
const keyCodes = ['schema.unknown-key', 'schema.missing-key', 'schema.shape'];

/**
 * Returns whether the editor shows a problem by itself, which would then be shown twice. These are codes of
 * the parser and of src/experiment/explain.ts.
 */
const saidBySchema = (code: string): boolean =>
  code.startsWith('syntax.') || (code.startsWith('schema.') && !keyCodes.includes(code));

/** Returns the range of a problem; one without a place stands on the first line. */
function rangeOf(problem: Problem): vscode.Range {
  const line = (problem.line ?? 1) - 1;
  const column = (problem.column ?? 1) - 1;
  return new vscode.Range(
    line,
    column,
    (problem.endLine ?? line + 1) - 1,
    (problem.endColumn ?? Number.MAX_SAFE_INTEGER) - 1,
  );
}
