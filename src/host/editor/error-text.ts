import { InputError, WorkError } from '../../shared/errors.js';
import { systemRefusal } from '../../shared/system-error.js';
import { t } from './localise.js';

/** Returns for people what went wrong; what the machine has refused is told with what helps. */
export function errorText(error: unknown): string {
  const isTold = error instanceof InputError || error instanceof WorkError;
  const refusal = isTold ? null : systemRefusal(error);
  if (refusal !== null) return t('{0}; {1}, and do it again.', capital(refusal.what), refusal.help);
  if (error instanceof WorkError) return capital(error.message);
  return error instanceof Error ? error.message : String(error);
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
