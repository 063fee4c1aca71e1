import { experimentName } from '../names.js';
import { filePath, seedPath, variantPath, type ComparedValue } from './run-settings.js';

/**
 * Returns a setting as it stands in names: `mmoe`, `seed 3`, `learningRate .01`, `experts count 8`. Of a path
 * the last part is named, with the one before it where a part of the experiment has several like it.
 */
export function settingText(path: string, value: ComparedValue): string {
  const text = valueText(value);
  if (path === variantPath) return text;
  if (path === seedPath) return `seed ${text}`;
  if (path === filePath) return experimentName(String(value));
  return `${settingName(path)} ${text}`;
}

/** Returns what names call a setting. */
export function settingName(path: string): string {
  const synthetic = 'data.source.synthetic.';
  if (path.startsWith(synthetic)) return path.slice(synthetic.length);
  const parts = path.split('.');
  return parts.length > 2 ? parts.slice(-2).join(' ') : parts.at(-1)!;
}

/** Returns a value of a setting as names have it: `.01`, `16, 8`. */
export const valueText = (value: ComparedValue): string =>
  typeof value === 'number' ? withoutZero(String(value)) : String(value);

/** Returns a text whose numbers below one have no zero before their point, as names of runs write them. */
export const withoutZero = (text: string): string => text.replaceAll(/(?<![\d.])0(?=\.\d)/g, '');
