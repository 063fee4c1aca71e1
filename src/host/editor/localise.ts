import { plainText } from './plain-text.js';

type Translate = (message: string, ...values: (string | number | boolean)[]) => string;

/** Answers in English until the extension is activated, so that pure code needs no editor to be tested. */
let translate: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));

/** Sets the translation; called once, on activation, with `vscode.l10n.t`. */
export function useTranslation(translation: Translate): void {
  translate = translation;
}

/**
 * Translates a text into the language of the editor; `{0}` stands for the first value. In a value, which is
 * often a name, nothing becomes a link, an icon or a line.
 */
export const t: Translate = (message, ...values) =>
  translate(message, ...values.map((value) => (typeof value === 'string' ? plainText(value) : value)));
