import * as v from 'valibot';
import { hostToStudyPageSchema, type HostToStudyPage } from '../../../src/shared/messages/study-protocol.js';
import { studyLineSchema, type StudyLine } from '../../../src/shared/study/line.js';
import type { StudyRecord, StudyStatus } from '../../../src/shared/study/record.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

/** A study as the page knows it. */
export interface ShownStudy {
  readonly record: StudyRecord;
  readonly notes: string;
  readonly status: StudyStatus;
  readonly canTrain: boolean;
  /** The last line of each training. */
  readonly lines: ReadonlyMap<string, StudyLine>;
}

export interface StudyFeedOptions extends FeedOptions {
  /** Asks the host for everything. */
  ready(): void;
}

/** Keeps the study up to date. */
export class StudyFeed extends PageFeed<HostToStudyPage> {
  study: ShownStudy | null = null;
  /** Why there is no study any more; null: there is one, or it has not been told. */
  gone: string | null = null;

  constructor(private readonly options: StudyFeedOptions) {
    super(hostToStudyPageSchema, options);
  }

  protected override take(message: HostToStudyPage): boolean {
    if (message.type === 'gone') {
      [this.study, this.gone] = [null, message.reason];
      return true;
    }
    if (message.type === 'update' && this.study === null) {
      // These are changes of what the page has not been told yet.
      this.options.ready();
      return false;
    }
    const { record, notes, status, canTrain, lines } = message;
    const known = message.type === 'study' ? new Map<string, StudyLine>() : new Map(this.study!.lines);
    for (const text of lines) {
      const line = lineOf(text);
      if (line !== null) known.set(line.key, line);
    }
    this.gone = null;
    this.study = { record, notes, status, canTrain, lines: known };
    return true;
  }
}

/** Reads a line; null: it is garbled, or of a later version. */
function lineOf(text: string): StudyLine | null {
  try {
    const parsed = v.safeParse(studyLineSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
