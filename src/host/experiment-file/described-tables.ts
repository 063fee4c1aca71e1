import type { DescribeReport } from '../../shared/reports.js';
import { dataSource } from './document-syntax.js';

/** Asks for a table; `file` is the experiment, `text` what its editor holds. */
export type DescribeExperiment = (file: string, text: string, signal: AbortSignal) => Promise<DescribeReport>;

/**
 * What is known of the tables that open experiments name: asked once per source, in the background, kept for
 * as long as the source's text stays the same. Completion and hovers wait for an answer under way, never ask
 * twice.
 */
export class Tables {
  private readonly known = new Map<string, { key: string; report: Promise<DescribeReport | null> }>();
  private readonly abort = new AbortController();

  constructor(
    private readonly ask: DescribeExperiment,
    private readonly onError: (message: string) => void,
  ) {}

  /**
   * The table of the experiment at `file` whose text is `text`; null where it cannot be had (said once to
   * `onError`).
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

  /** The file's table may have changed: ask again when next needed. */
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
