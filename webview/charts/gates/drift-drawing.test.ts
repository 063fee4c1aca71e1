import { describe, expect, it } from 'vitest';
import { made } from '../made-history.fixture.js';
import { buildDrift } from './drift-data.js';
import { cellAt, layoutDrift } from './drift-drawing.js';

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
});
