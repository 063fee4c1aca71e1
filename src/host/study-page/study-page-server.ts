import { LineFollower } from '../../run/files/line-follower.js';
import {
  studyPageToHostSchema,
  type HostToStudyPage,
  type StudyPageToHost,
} from '../../shared/messages/study-protocol.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { PageServer, type PagePort, type PageServerOptions } from '../pages/page-server.js';
import type { HostStudy } from '../studies/study-collection.js';

type Ready = Extract<StudyPageToHost, { type: 'ready' }>;
export type StudyPageRequest = Exclude<StudyPageToHost, { type: 'ready' | 'error' }>;

export interface StudyPageOptions extends PageServerOptions<StudyPageRequest> {
  /** Returns the study as it is known now; undefined: there is none. */
  study(): HostStudy | undefined;
  canTrain(): boolean;
  /** Why there is no study, for people. */
  goneText(): string;
}

/** Lines that cross at once: what a page parses without a pause that is felt. */
const linesAtOnce = 400;

/** Serves one page with a study: its lines as they are written, which it hands on unread. */
export class StudyPageServer extends PageServer<Ready, StudyPageRequest, HostToStudyPage> {
  private lines: LineFollower | null = null;
  private waiting: string[] = [];
  private isFresh = true;
  private sent: { record: StudyRecord; notes: string; status: string; canTrain: boolean } | null = null;

  constructor(
    readonly folder: string,
    port: PagePort<HostToStudyPage>,
    private readonly options: StudyPageOptions,
  ) {
    super({ name: 'study page', messages: studyPageToHostSchema }, port, options);
  }

  /** Looks for news when the collection has some. */
  override nudge(): void {
    if (!this.isDisposed) this.look();
  }

  protected override async greet(): Promise<void> {
    this.lines = null;
    this.waiting = [];
    this.sent = null;
    this.isFresh = true;
    await this.sendNews();
  }

  protected override async sendNews(): Promise<void> {
    const study = this.options.study();
    if (study === undefined) {
      this.lines = null;
      if (this.sent !== null || this.isFresh)
        await this.post({ type: 'gone', reason: this.options.goneText() });
      [this.sent, this.isFresh] = [null, true];
      return;
    }
    this.lines ??= new LineFollower(study.paths.runs);
    await this.lines.read(
      (line) => void this.waiting.push(line),
      () => {
        this.waiting = [];
        this.isFresh = true;
      },
    );
    const { notes, status } = study;
    const record = { ...study.record, name: study.name };
    const canTrain = this.options.canTrain();
    const { sent } = this;
    const isNews =
      this.isFresh ||
      this.waiting.length > 0 ||
      sent?.status !== status ||
      sent.notes !== notes ||
      sent.canTrain !== canTrain ||
      JSON.stringify(sent.record) !== JSON.stringify(record);
    if (!isNews) return;
    do {
      const lines = this.waiting.splice(0, linesAtOnce);
      const type = this.isFresh ? 'study' : 'update';
      this.isFresh = false;
      await this.post({ type, record, notes, status, canTrain, lines });
    } while (this.waiting.length > 0);
    this.sent = { record, notes, status, canTrain };
  }

  /** All changes come from the collection, which nudges. */
  protected override afterTurn(): void {}
}
