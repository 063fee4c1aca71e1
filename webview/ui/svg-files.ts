/** Pictures are saved twice as large as they are shown. */
const scale = 2;

/** Returns an SVG file as a PNG picture, base64. */
export async function svgToPng(svg: string): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').split(',')[1]!;
}

const copiedStyles = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

/** Returns a drawn SVG as a file of its own, in which each part carries the styles that the page gives it. */
export function svgToFile(drawn: SVGSVGElement, background: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const originals = drawn.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const styles = getComputedStyle(originals[index]!);
    for (const name of copiedStyles) element.setAttribute(name, styles.getPropertyValue(name));
    for (const name of ['class', 'style']) element.removeAttribute(name);
  });
  const { width, height } = drawn.getBoundingClientRect();
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: background }))
    paper.setAttribute(name, value);
  copy.prepend(paper);
  for (const [name, value] of Object.entries({
    xmlns: 'http://www.w3.org/2000/svg',
    width: String(width),
    height: String(height),
  })) {
    copy.setAttribute(name, value);
  }
  for (const name of ['class', 'role', 'tabindex', 'aria-hidden']) copy.removeAttribute(name);
  // lit marks its places by comments, which are of no use outside the page.
  return new XMLSerializer().serializeToString(copy).replace(/<!--[\s\S]*?-->/g, '');
}
