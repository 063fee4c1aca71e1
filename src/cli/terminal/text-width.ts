const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** Columns of a terminal: names may hold any letters; wide ones (East Asian, emoji) take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** Cuts to `width` columns; colour codes (ESC [ digits m) take no room and stay. */
export function clip(text: string, width: number): string {
  const [first = '', ...coloured] = text.split('\u001b');
  let room = width;
  const cut = (part: string): string => {
    let kept = '';
    for (const { segment } of segmenter.segment(part)) {
      room -= wide.test(segment) ? 2 : 1;
      if (room < 0) break;
      kept += segment;
    }
    return kept;
  };
  const rest = coloured.map((part) => {
    const end = part.indexOf('m') + 1;
    return `\u001b${part.slice(0, end)}${cut(part.slice(end))}`;
  });
  return cut(first) + rest.join('');
}
