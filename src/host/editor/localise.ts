type Translate = (message: string, ...values: (string | number | boolean)[]) => string;

/** English, as long as nobody has said otherwise: so the pure parts need no editor to be tested. */
let translate: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));

/** Called once, on activation, with `vscode.l10n.t`. */
export function useTranslation(translation: Translate): void {
  translate = translation;
}

/** A text for people, in their language; `{0}` is the first value. */
export const t: Translate = (message, ...values) => translate(message, ...values);
