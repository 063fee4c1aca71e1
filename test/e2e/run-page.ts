import type { FrameLocator, Locator, Page } from 'playwright-core';
import { webview } from '../real-host/workbench.mjs';

/** The page of a run: this class reads what a person reads there, and sees what is drawn. */
export class RunPage {
  readonly frame: FrameLocator;

  constructor(page: Page) {
    this.frame = webview(page);
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name }).first();
  }

  async waitForText(words: string | RegExp): Promise<void> {
    await this.frame.getByText(words).first().waitFor();
  }

  /** Returns the colour of a task as `#rrggbb`. */
  async taskColour(task: number): Promise<string> {
    return this.frame
      .locator('body')
      .evaluate(
        (_body, name) => document.documentElement.style.getPropertyValue(name).trim(),
        `--task-${task}`,
      );
  }

  /** Counts the pixels of all canvases that are about as coloured as `hex`, opaque or half transparent. */
  async pixelsLike(hex: string): Promise<number> {
    return this.frame.locator('canvas').evaluateAll((canvases, wanted) => {
      const channels = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
      let found = 0;
      for (const canvas of canvases) {
        if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0 || canvas.height === 0) continue;
        const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        if (data === undefined) continue;
        for (let at = 0; at < data.length; at += 4) {
          const near = channels.every((channel, index) => Math.abs((data[at + index] ?? 0) - channel) < 40);
          if (near && (data[at + 3] ?? 0) > 100) found++;
        }
      }
      return found;
    }, hex);
  }

  /** Opens the table behind a chart and returns its rows, the header first. */
  async table(chart: string): Promise<string[][]> {
    const table = this.frame.getByRole('table', { name: chart }).first();
    if ((await table.count()) === 0)
      await this.frame
        .getByRole('button', { name: `Show as table: ${chart}` })
        .first()
        .click();
    await table.waitFor();
    return table.evaluate((element) =>
      [...element.querySelectorAll('tr')].map((row) =>
        [...row.querySelectorAll('th, td')].map((cell) => cell.textContent.trim()),
      ),
    );
  }
}
