import { LitElement } from 'lit';
import { state } from 'lit/decorators.js';
import { onThemeChange } from '../ui/theme/theme.js';
import type { Tip } from '../ui/tip.js';

/** A chart knows its width, draws only while it can be seen, and draws anew when the theme changes. */
export abstract class ChartElement extends LitElement {
  /** Width in pixels; 0 until the chart is laid out. */
  @state() protected width = 0;
  @state() protected tip: Tip | null = null;

  private inSight = false;
  private missed = false;
  private readonly stops: (() => void)[] = [];

  /** Returns the chart as an SVG file. */
  abstract picture(): string;

  override connectedCallback(): void {
    super.connectedCallback();
    const resize = new ResizeObserver((entries) => {
      const width = Math.floor(entries.at(-1)!.contentRect.width);
      if (width > 0) this.width = width;
    });
    resize.observe(this);
    const sight = new IntersectionObserver(
      (entries) => {
        this.inSight = entries.at(-1)!.isIntersecting;
        if (this.inSight && this.missed) this.requestUpdate();
      },
      { rootMargin: '200px' },
    );
    sight.observe(this);
    this.stops.push(
      () => resize.disconnect(),
      () => sight.disconnect(),
      onThemeChange(() => this.requestUpdate()),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.stops.splice(0)) stop();
  }

  protected override shouldUpdate(): boolean {
    this.missed = this.hasUpdated && !this.inSight;
    return !this.missed;
  }
}
