import { Context, Element as SvgCanvas, type SvgContext } from 'svgcanvas';

const anchors: Record<CanvasTextAlign, string> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
};
const baselines: Record<CanvasTextBaseline, string> = {
  alphabetic: 'alphabetic',
  ideographic: 'ideographic',
  hanging: 'hanging',
  top: 'text-before-edge',
  middle: 'central',
  bottom: 'text-after-edge',
};

/** Returns a canvas whose drawing becomes an SVG file. */
export function svgCanvas(width: number, height: number): HTMLCanvasElement & { readonly ctx: SvgContext } {
  const canvas = new SvgCanvas({ width, height });
  writeTextItself(canvas.ctx);
  return canvas;
}

/** Returns a drawing context, without a canvas, whose drawing becomes an SVG file. */
export function svgContext(width: number, height: number): SvgContext {
  const context = new Context({ width, height });
  writeTextItself(context);
  return context;
}

/**
 * Makes the context write texts itself, above all else that is drawn. svgcanvas 2.6 learns the font from a
 * style attribute, which the page's content security policy forbids, and would have no font.
 */
function writeTextItself(context: SvgContext): void {
  const texts: SVGTextElement[] = [];
  const clear = context.clearRect.bind(context);
  context.clearRect = (...area) => {
    for (const text of texts.splice(0)) text.remove();
    clear(...area);
  };
  context.fillText = (text, x, y) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    const { a, b, c, d, e, f } = context.getTransform();
    const [, size = '11', family = 'sans-serif'] = /([\d.]+)px\s+(.+)$/.exec(context.font) ?? [];
    const attributes = {
      x: String(x),
      y: String(y),
      transform: `matrix(${[a, b, c, d, e, f].join()})`,
      fill: typeof context.fillStyle === 'string' ? context.fillStyle : '#000000',
      'font-size': size,
      'font-family': family,
      'text-anchor': anchors[context.textAlign],
      'dominant-baseline': baselines[context.textBaseline],
    };
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    texts.push(element);
    context.getSvg().append(element);
  };
}
