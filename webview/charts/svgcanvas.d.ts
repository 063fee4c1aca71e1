/** The parts of svgcanvas 2 that the charts use; it comes without types. */
declare module 'svgcanvas' {
  interface SvgContext extends CanvasRenderingContext2D {
    getSerializedSvg(): string;
    getSvg(): SVGSVGElement;
  }
  export const Context: new (options: { width: number; height: number }) => SvgContext;
  /** Stands in for a canvas. */
  export const Element: new (options: {
    width: number;
    height: number;
  }) => HTMLCanvasElement & { readonly ctx: SvgContext };
}
