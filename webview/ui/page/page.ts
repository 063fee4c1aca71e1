import { LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import type { Host } from './host.js';
import type { CardSwitch, SaveDetail } from './page-events.js';
import { toggled, type CardState } from './page-state.js';

/** The messages that every page may post. */
type PageMessage =
  ({ type: 'save' } & SaveDetail) | { type: 'copy'; text: string } | { type: 'error'; message: string };

/**
 * A page: hands the host's messages to its feed, is drawn once a frame, remembers what a person has chosen,
 * and is the only element that posts. Its parts ask it by the events of page-events.ts.
 */
export abstract class Page<State extends CardState> extends LitElement {
  /** The choices made on the page; the host keeps them while the page is hidden or reloaded. */
  @state() protected choices: State;
  protected abstract readonly feed: { receive(message: unknown): void };
  private frame = 0;

  constructor(
    private readonly keeper: Host<PageMessage>,
    restoreState: (saved: unknown) => State,
  ) {
    super();
    this.choices = restoreState(keeper.savedState());
    // A part knows the state's fields; `remember` carries some of them.
    this.addEventListener('remember', ({ detail }) => this.remember(detail as Partial<State>));
    this.addEventListener('fold', ({ detail }) => this.rememberCard('folded', detail));
    this.addEventListener('show-table', ({ detail }) => this.rememberCard('tabled', detail));
    this.addEventListener('save-file', ({ detail }) => keeper.post({ type: 'save', ...detail }));
    this.addEventListener('copy-text', ({ detail }) => keeper.post({ type: 'copy', text: detail }));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.onMessage);
    this.askForAll();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.onMessage);
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** Posts that the page is ready and holds nothing yet. */
  protected abstract askForAll(): void;

  /** Called before the page is drawn with what its feed has learned. */
  protected beforeDrawing(): void {}

  /** Draws the page with the next frame, however many messages come until then. */
  protected drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.beforeDrawing();
      this.requestUpdate();
    });
  }

  protected reportDropped(reason: string): void {
    this.keeper.post({ type: 'error', message: `a message was dropped: ${reason}` });
  }

  protected remember(change: Partial<State>): void {
    this.choices = { ...this.choices, ...change };
    this.keeper.saveState(this.choices);
  }

  private rememberCard(field: keyof CardState, { card, on }: CardSwitch): void {
    const change: Partial<CardState> = { [field]: toggled(this.choices[field], card, on) };
    this.remember(change as Partial<State>);
  }

  private readonly onMessage = (event: MessageEvent<unknown>): void => this.feed.receive(event.data);
}
