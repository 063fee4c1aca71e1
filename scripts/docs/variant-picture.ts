import type {
  GateDescription,
  LevelDescription,
  NetworkDescription,
  RouteDescription,
} from '../../src/network/description.js';

/** The words of a picture, which the network itself does not have. */
export interface PictureWords {
  readonly title: string;
  /** The name of an expert; by default its number within the level, from 1. */
  readonly expert?: (level: number, expert: number) => string;
  /** Drawn between the first two experts of a level, where they belong together otherwise than by routes. */
  readonly between?: (level: number) => string | null;
}

const box = { width: 58, height: 30, gap: 18 };
const levelHeight = 118;
const streamRadius = 11;

type Owner = number | null;

/** A box of a level's row. */
interface Item {
  readonly kind: 'expert' | 'gate';
  readonly index: number;
  readonly label: string;
  /** The one task whose streams use it; null: several do. */
  readonly owner: Owner;
  /** From left to right. */
  readonly order: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * An SVG of a network with two tasks: the input below, levels of experts and gates, the tasks' streams,
 * towers on top.
 */
export function variantPicture(network: NetworkDescription, words: PictureWords): string {
  const rows = network.levels.map((_, l) => itemsOf(network, l, words));
  const columns = Math.max(...rows.map((row) => row.length), 4);
  const width = 2 * 24 + columns * box.width + (columns - 1) * box.gap;
  const inputY = 104 + network.levels.length * levelHeight;
  const height = inputY + 46;
  const streamX = (task: Owner): number => (task === null ? width / 2 : width * (task === 0 ? 0.3 : 0.7));
  const parts: string[] = [];

  let sources: Point[] = [{ x: width / 2, y: inputY }];
  let sourceOwners: Owner[] = [null];
  network.levels.forEach((level, l) => {
    const top = inputY - (l + 1) * levelHeight;
    const rowY = top + 66;
    const streams = level.streams.map(({ task }) => ({ x: streamX(task), y: top + 14 }));
    const places = placesOf(rows[l]!, width, rowY, streamX);
    const from = (source: number, to: Point): Point =>
      l === 0 ? { x: to.x, y: inputY } : { ...sources[source]! };
    const lines: string[] = [];
    rows[l]!.forEach((item, i) => {
      const place = places[i]!;
      const source =
        item.kind === 'expert' ? level.experts[item.index]!.source : level.gates[item.index]!.source;
      const start = from(source, place);
      const below = l === 0 ? start.y : start.y - streamRadius;
      lines.push(
        line(
          { x: start.x, y: below },
          { x: place.x, y: place.y + box.height / 2 },
          sourceOwners[source] ?? null,
          'reads',
        ),
      );
    });
    level.streams.forEach(({ task, route }, s) => {
      const end = streams[s]!;
      rows[l]!.forEach((item, i) => {
        const start = { x: places[i]!.x, y: places[i]!.y - box.height / 2 };
        if (item.kind === 'gate') {
          if (route.kind === 'gate' && route.gate === item.index) lines.push(line(start, end, task, 'gate'));
          return;
        }
        const style = styleOf(route, item.index, level.gates);
        if (style !== null) lines.push(line(start, end, task, style));
      });
    });
    const between = words.between?.(l) ?? null;
    const pair = places.slice(0, 2);
    if (between !== null && pair.length === 2) lines.push(link(pair[0]!, pair[1]!, between));
    parts.push(...lines, ...rows[l]!.map((item, i) => drawItem(item, places[i]!)));
    level.streams.forEach(({ task, route }, s) => parts.push(drawStream(streams[s]!, task, route)));
    sources = streams;
    sourceOwners = level.streams.map(({ task }) => task);
  });

  network.tasks.forEach((task, t) => {
    const stream = sources[task.stream]!;
    const tower = { x: streamX(t), y: 68 };
    parts.push(
      line(
        { x: stream.x, y: stream.y - streamRadius },
        { x: tower.x, y: tower.y + box.height / 2 },
        t,
        'full',
      ),
      line({ x: tower.x, y: tower.y - box.height / 2 }, { x: tower.x, y: 36 }, t, 'full'),
      rectangle(tower, `item ${taskClass(t)}`),
      text(tower, 'tower', 'label'),
      text({ x: tower.x, y: 26 }, task.name, `label strong ${taskClass(t)}-text`),
    );
  });
  const towerLink = words.between?.(network.levels.length) ?? null;
  if (towerLink !== null) parts.push(link({ x: streamX(0), y: 68 }, { x: streamX(1), y: 68 }, towerLink));
  parts.push(
    `<rect class="item" x="24" y="${inputY}" width="${width - 48}" height="24" rx="6"/>`,
    text({ x: width / 2, y: inputY + 12 }, 'input', 'label'),
  );
  return document(width, height, words.title, parts);
}

/**
 * Experts and gates of a level from left to right: what serves the first task alone is left, the second
 * task's right.
 */
function itemsOf(network: NetworkDescription, l: number, words: PictureWords): Item[] {
  const level = network.levels[l]!;
  const users = (uses: (route: RouteDescription) => boolean): Owner[] =>
    level.streams.filter(({ route }) => uses(route)).map(({ task }) => task);
  const side = (owner: Owner, far: number): number => (owner === null ? 0 : owner === 0 ? -far : far);
  const experts = level.experts.map(({ source, sharesWith }, index): Item => {
    const owner = ownerOf(network, level, index, users);
    const original = sharesWith ?? index;
    const label = words.expert?.(l, original) ?? String(original + 1);
    const reader = l === 0 ? null : network.levels[l - 1]!.streams[source]!.task;
    return { kind: 'expert', index, label, owner, order: side(owner ?? reader, 1) };
  });
  const gates = level.gates.map((_, index): Item => {
    const all = users((route) => route.kind === 'gate' && route.gate === index);
    const owner = all.length === 1 ? all[0]! : null;
    return { kind: 'gate', index, label: 'gate', owner, order: side(owner, 2) };
  });
  const shared = gates.filter(({ owner }) => owner === null);
  const row = [...experts, ...gates.filter((gate) => !shared.includes(gate))].sort(
    (a, b) => a.order - b.order || a.index - b.index,
  );
  row.splice(Math.ceil(row.length / 2), 0, ...shared);
  return row;
}

/** The task that an expert is for; null: it is shared. */
function ownerOf(
  { variant }: NetworkDescription,
  level: LevelDescription,
  index: number,
  users: (uses: (route: RouteDescription) => boolean) => Owner[],
): Owner {
  // A stitched network is a task's own, though all read it; a module belongs to no path.
  if (variant === 'cross-stitch') return level.streams[index]!.task;
  if (level.streams.some(({ route }) => route.kind === 'path')) return null;
  const tasks = new Set(
    users((route) => styleOf(route, index, level.gates) !== null).filter((task) => task !== null),
  );
  return tasks.size === 1 ? [...tasks][0]! : null;
}

type Style = 'full' | 'learned' | 'gated' | 'off' | 'gate' | 'reads';

/** How a stream's use of an expert is drawn; null: it cannot use it. */
function styleOf(route: RouteDescription, expert: number, gates: readonly GateDescription[]): Style | null {
  if (route.kind === 'gate') return gates[route.gate]!.experts.includes(expert) ? 'gated' : null;
  if (route.kind === 'fixed') return route.weights[expert] === 0 ? null : 'full';
  if (route.kind === 'path') return route.initial[expert] === 0 ? null : 'full';
  return route.initial[expert] === null ? null : 'learned';
}

/** Centres of a row's boxes: under the tasks they belong to where each has one, else evenly in the middle. */
function placesOf(row: readonly Item[], width: number, y: number, streamX: (task: Owner) => number): Point[] {
  const owners = row.map(({ owner }) => owner);
  if (!owners.includes(null) && new Set(owners).size === row.length)
    return owners.map((owner) => ({ x: streamX(owner), y }));
  const whole = row.length * box.width + (row.length - 1) * box.gap;
  return row.map((_, i) => ({ x: (width - whole) / 2 + i * (box.width + box.gap) + box.width / 2, y }));
}

const taskClass = (owner: Owner): string => (owner === null ? 'shared' : `task${owner}`);

function drawItem({ kind, label, owner }: Item, place: Point): string {
  if (kind === 'expert') return rectangle(place, `item ${taskClass(owner)}`) + text(place, label, 'label');
  const { x, y } = place;
  const [half, inset, tall] = [box.width / 2, 9, box.height / 2];
  const [above, below] = [y - tall, y + tall];
  const bottom = `${x - half},${below} ${x + half},${below}`;
  const points = `${bottom} ${x + half - inset},${above} ${x - half + inset},${above}`;
  return `<polygon class="item ${taskClass(owner)}" points="${points}"/>` + text(place, label, 'label small');
}

function drawStream({ x, y }: Point, owner: Owner, route: RouteDescription): string {
  const sign =
    route.kind === 'fixed' && route.weights.filter((weight) => weight !== 0).length === 1 ? '' : '+';
  return (
    `<circle class="item ${taskClass(owner)}" cx="${x}" cy="${y}" r="${streamRadius}"/>` +
    (sign === '' ? '' : text({ x, y }, sign, 'label strong'))
  );
}

function line(from: Point, to: Point, owner: Owner, style: Style): string {
  const ends = `x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}"`;
  return `<line class="line ${style} ${taskClass(owner)}" ${ends}/>`;
}

/** A dashed line between two boxes, with what it means above it. */
function link(one: Point, other: Point, words: string): string {
  const [left, right] = one.x < other.x ? [one, other] : [other, one];
  return (
    `<line class="line link" x1="${round(left.x + box.width / 2)}" y1="${left.y}" ` +
    `x2="${round(right.x - box.width / 2)}" y2="${right.y}"/>` +
    text({ x: (left.x + right.x) / 2, y: left.y - 26 }, words, 'label small')
  );
}

const rectangle = ({ x, y }: Point, className: string): string =>
  `<rect class="${className}" x="${round(x - box.width / 2)}" y="${round(y - box.height / 2)}" ` +
  `width="${box.width}" height="${box.height}" rx="6"/>`;

const text = ({ x, y }: Point, words: string, className: string): string =>
  `<text class="${className}" x="${round(x)}" y="${round(y)}">${words}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;

/**
 * Returns the picture with a ground of its own, so that it can be read wherever it is shown; dark where the
 * reader's system is.
 */
const document = (width: number, height: number, title: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${height}" ` +
  `width="${round(width)}" height="${height}" role="img">
<title>${title}</title>
<style>
.ground { fill: #ffffff; stroke: #d0d7de }
.item { fill: #f6f8fa; stroke: #6e7781; stroke-width: 1.3 }
.item.task0, .line.task0 { stroke: #0969da }
.item.task1, .line.task1 { stroke: #bc4c00 }
.line { stroke: #8c959f; stroke-width: 1.4; fill: none }
.line.reads { stroke-width: 1; opacity: 0.75 }
.line.gate { stroke-dasharray: 2 3 }
.line.learned { stroke-dasharray: 7 3 }
.line.link { stroke-dasharray: 3 3; stroke: #6e7781 }
.label { fill: #1f2328; font: 13px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central }
.small { font-size: 11px }
.strong { font-weight: 600 }
.task0-text { fill: #0969da }
.task1-text { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; stroke: #30363d }
.item { fill: #161b22; stroke: #8b949e }
.item.task0, .line.task0 { stroke: #58a6ff }
.item.task1, .line.task1 { stroke: #f0883e }
.line { stroke: #6e7681 }
.line.link { stroke: #8b949e }
.label { fill: #e6edf3 }
.task0-text { fill: #58a6ff }
.task1-text { fill: #f0883e }
}
</style>
<rect class="ground" x="0.5" y="0.5" width="${round(width - 1)}" height="${height - 1}" rx="8"/>
${parts.join('\n')}
</svg>
`;
