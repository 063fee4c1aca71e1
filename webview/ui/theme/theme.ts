import { mixColours, parseColour, readable, toHex, type Colour } from './colour.js';
import { runPalette, taskPalette, textContrast } from './palette.js';

/** The theme's colours and font for canvases. Everything else uses the same colours as CSS variables. */
export interface Theme {
  readonly foreground: string;
  readonly dim: string;
  readonly grid: string;
  readonly card: string;
  readonly background: string;
  readonly error: string;
  readonly warning: string;
  readonly focus: string;
  readonly tasks: readonly string[];
  readonly runs: readonly string[];
  readonly font: string;
}

const taskColours = 16;

/** Returns a task's colour for style sheets; null: a stream of no task. */
export const taskVariable = (task: number | null): string =>
  task === null ? 'var(--dim)' : `var(--task-${task % taskColours})`;

const listeners = new Set<() => void>();
let current: Theme | null = null;

/** Returns the theme as it is now. */
export const theme = (): Theme => (current ??= readTheme());

/** Calls back after the theme has changed, until the returned function is called. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Reads the theme now and whenever VS Code changes it, which shows in the classes of the body and the
 * variables of the root.
 */
export function followTheme(): void {
  current = readTheme();
  let asked = false;
  const changed = (): void => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const before = JSON.stringify(current);
      current = readTheme();
      if (JSON.stringify(current) !== before) for (const listener of listeners) listener();
    });
  };
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}

function readTheme(): Theme {
  const styles = getComputedStyle(document.documentElement);
  const read = (variable: string): string => styles.getPropertyValue(variable).trim();
  const first = (fallback: string, ...variables: string[]): Colour => {
    for (const variable of variables) {
      const colour = parseColour(read(variable));
      if (colour) return colour;
    }
    return parseColour(fallback)!;
  };
  const isLight =
    document.body.classList.contains('vscode-light') ||
    document.body.classList.contains('vscode-high-contrast-light');
  const isContrast = document.body.classList.contains('vscode-high-contrast');
  const background = first(isLight ? '#ffffff' : '#1f1f1f', '--vscode-editor-background');
  const foreground = first(
    isLight ? '#3b3b3b' : '#cccccc',
    '--vscode-foreground',
    '--vscode-editor-foreground',
  );
  const card = first(toHex(background), '--vscode-sideBar-background', '--vscode-editorWidget-background');
  const dim = isContrast ? foreground : mixColours(foreground, background, 0.27);
  const grid = mixColours(card, foreground, isContrast ? 0.35 : 0.09);
  const line = isContrast
    ? first(toHex(foreground), '--vscode-contrastBorder', '--vscode-widget-border')
    : mixColours(background, foreground, isLight ? 0.13 : 0.1);
  const next: Theme = {
    foreground: toHex(foreground),
    dim: toHex(dim),
    grid: toHex(grid),
    card: toHex(card),
    background: toHex(background),
    error: toHex(
      readable(first(isLight ? '#c72e0f' : '#f48771', '--vscode-errorForeground'), card, textContrast),
    ),
    warning: toHex(
      first(isLight ? '#8a6d00' : '#cca700', '--vscode-editorWarning-foreground', '--vscode-charts-yellow'),
    ),
    focus: toHex(first('#0078d4', '--vscode-focusBorder')),
    tasks: taskPalette(taskColours, card, foreground, read),
    runs: runPalette(card, read),
    font: read('--vscode-font-family') || 'system-ui, sans-serif',
  };
  const chosen = isContrast ? foreground : mixColours(card, foreground, isLight ? 0.1 : 0.14);
  publish(next, {
    line: toHex(line),
    chosen: toHex(chosen),
    'chosen-fg': toHex(isContrast ? background : foreground),
    button: toHex(isContrast ? background : chosen),
  });
  return next;
}

/**
 * Sets the colours as CSS variables, only those that differ, because the observer sees each change.
 * `more` are those by name that only style sheets use.
 */
function publish(colours: Theme, more: Readonly<Record<string, string>>): void {
  const { style } = document.documentElement;
  const named = {
    fg: colours.foreground,
    dim: colours.dim,
    grid: colours.grid,
    card: colours.card,
    bg: colours.background,
    bad: colours.error,
    warn: colours.warning,
    ...more,
  };
  const values = [
    ...Object.entries(named).map(([name, colour]) => [`--${name}`, colour] as const),
    ...colours.tasks.map((colour, index) => [`--task-${index}`, colour] as const),
    ...colours.runs.map((colour, index) => [`--run-${index}`, colour] as const),
  ];
  for (const [name, value] of values)
    if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}
