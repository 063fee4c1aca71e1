/** The part of the curves that is shown, in the axes' units. */
export interface CurvesView {
  readonly x: Range;
  readonly y: Range;
}

/** A place in the plot, as shares of what is shown from the left and from the bottom. */
export interface PlotPlace {
  readonly x: number;
  readonly y: number;
}

type Range = readonly [number, number];

/**
 * Zooms by `factor`, of which more than 1 shows less; what lies at `at` stays there. On a logarithmic axis
 * shares are those of the logarithm.
 */
export function zoomView(view: CurvesView, factor: number, at: PlotPlace, log: boolean): CurvesView {
  const zoom = ([low, high]: Range, share: number): Range => {
    const centre = low + share * (high - low);
    return [centre - (centre - low) / factor, centre + (high - centre) / factor];
  };
  return { x: zoom(view.x, at.x), y: onScale(view.y, log, (range) => zoom(range, at.y)) };
}

/** Moves the view by shares of what is shown. */
export function panView(view: CurvesView, by: PlotPlace, log: boolean): CurvesView {
  const pan = ([low, high]: Range, share: number): Range => [
    low + share * (high - low),
    high + share * (high - low),
  ];
  return { x: pan(view.x, by.x), y: onScale(view.y, log, (range) => pan(range, by.y)) };
}

function onScale(range: Range, log: boolean, change: (range: Range) => Range): Range {
  if (!log || range[0] <= 0) return change(range);
  const [low, high] = change([Math.log(range[0]), Math.log(range[1])]);
  return [Math.exp(low), Math.exp(high)];
}
