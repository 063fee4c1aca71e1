import { describe, expect, it } from 'vitest';
import { constant, historyOf, level, made, network } from '../made-history.fixture.js';
import { buildDrift } from './drift-data.js';
import { cellAt, drawDrift, layoutDrift } from './drift-drawing.js';

describe('gates over training', () => {
  it('find the cell under the pointer', () => {
    const { history, network } = made();
    const drift = buildDrift(history, network, 0)!;
    const layout = layoutDrift(drift, 560);
    const { x, y } = layout.maps[1]!;
    expect(cellAt(layout, 8, x + 1.5 * layout.cellWidth, y + 2.5 * layout.cellHeight)).toEqual({
      stream: 1,
      expert: 2,
      column: 1,
    });
    expect(cellAt(layout, 8, 0, 0)).toBeNull();
  });

  it('draws neighbours that look alike as one cell, to the end of the map', () => {
    const alike = historyOf(
      ...Array.from({ length: 400 }, (_, epoch) => [constant(epoch < 200 ? 0 : 1, 0.5)]),
    );
    const drift = buildDrift(alike, network('mmoe', level({ streams: [{ name: 'income', task: 0 }] })), 0)!;
    const layout = layoutDrift(drift, 560);
    const filled: number[][] = [];
    const context = { fillRect: (...rect: number[]) => filled.push(rect), fillText: () => undefined };
    const theme = {
      card: '#000000',
      dim: '#808080',
      foreground: '#ffffff',
      tasks: ['#3794ff'],
      font: 'sans',
    };
    drawDrift(context as never, drift, layout, theme as never);
    const { x } = layout.maps[0]!;
    // After the ground: two cells of the first expert, one of the second.
    const [first, second, whole] = filled.slice(1);
    const half = Math.floor(layout.columns.length / 2) * layout.cellWidth;
    expect(filled).toHaveLength(4);
    expect([first![0], second![0], whole![0]]).toEqual([x, x + half, x]);
    expect(whole![2]).toBeCloseTo(layout.columns.length * layout.cellWidth + 0.5);
  });
});
