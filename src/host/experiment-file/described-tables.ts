import type { DescribeReport } from '../../shared/messages/reports.js';
import { dataSource } from './document-syntax.js';

/** Describes a table; `file` is the experiment, and `text` is what its editor holds. */
export type DescribeExperiment = (file: string, text: string, signal: AbortSignal) => Promise<DescribeReport>;

/**
 * Knows the tables that open experiments name. The program is asked once for each source, in the background,
 * and asked again only if the text of the source changes. Completions and hovers wait for an answer that is
 * under way.
 */
export class DescribedTables {
  private readonly known = new Map<string, { key: string; report: Promise<DescribeReport | null> }>();
  private readonly abort = new AbortController();

  constructor(
    private readonly ask: DescribeExperiment,
    private readonly onError: (message: string) => void,
  ) {}

  /**
   * Returns the table of the experiment at `file`, whose text is `text`. Returns null if the table cannot be
   * described, which `onError` is told once.
   */
  async of(file: string, text: string): Promise<DescribeReport | null> {
    const { source, read } = dataSource(text);
    if (source === undefined || source === '') return null;
    const key = JSON.stringify([source, read]);
    const known = this.known.get(file);
    if (known?.key === key) return known.report;
    const report = this.ask(file, text, this.abort.signal).catch((error: unknown) => {
      if (!this.abort.signal.aborted) this.onError(error instanceof Error ? error.message : String(error));
      return null;
    });
    this.known.set(file, { key, report });
    return report;
  }

  /** Forgets a table that may have changed: the program is asked again when it is needed. */
  forget(file: string): void {
    this.known.delete(file);
  }

  forgetAll(): void {
    this.known.clear();
  }

  dispose(): void {
    this.abort.abort();
    this.known.clear();
  }
}
