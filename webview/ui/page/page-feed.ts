import * as v from 'valibot';

export interface FeedOptions {
  /** Called with the reason why a message was dropped. */
  dropped(reason: string): void;
  /** Called when there is something new to show. */
  changed(): void;
}

/** Turns the host's messages into what there is to show. A message that the schema refuses is dropped. */
export abstract class PageFeed<Message> {
  constructor(
    private readonly schema: v.GenericSchema<unknown, Message>,
    private readonly messages: FeedOptions,
  ) {}

  receive(raw: unknown): void {
    const parsed = v.safeParse(this.schema, raw);
    if (!parsed.success) this.messages.dropped(v.summarize(parsed.issues));
    else if (this.take(parsed.output)) this.messages.changed();
  }

  /** Takes in a message; returns whether there is something new to show. */
  protected abstract take(message: Message): boolean;
}
