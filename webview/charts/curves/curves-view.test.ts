import { expect, it } from 'vitest';
import { panView, zoomView } from './curves-view.js';

it('zooming keeps the place under the pointer, and panning the size', () => {
  const view = { x: [0, 20], y: [1, 100] } as const;
  expect(zoomView(view, 2, { x: 0.5, y: 0.5 }, false).x).toEqual([5, 15]);
  const logarithmic = zoomView(view, 2, { x: 0, y: 0 }, true);
  expect(logarithmic.y[0]).toBeCloseTo(1);
  expect(logarithmic.y[1]).toBeCloseTo(10);
  expect(panView(view, { x: 0.1, y: 0 }, false).x).toEqual([2, 22]);
});
