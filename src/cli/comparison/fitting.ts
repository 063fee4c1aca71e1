import type { Variant } from '../../experiment/schema/variants.js';
import { InputError } from '../../shared/errors.js';
import type { LeftOut } from '../../shared/run/run-manifest.js';

/**
 * Finds the variants that can take an experiment's settings. With `mayLeaveOut` one that cannot is left out;
 * otherwise it throws.
 */
export class Fitting {
  private readonly reasons: { readonly variant: Variant; readonly error: InputError }[] = [];

  constructor(private readonly mayLeaveOut: boolean) {}

  get leftOut(): LeftOut[] {
    return this.reasons.map(({ variant, error }) => ({ variant, why: error.message }));
  }

  /**
   * Returns the results of `make` for each variant that accepts the settings. Throws InputError: a variant's
   * own or, if none is left, one about all of them.
   */
  keep<Made>(
    variants: readonly Variant[],
    make: (variant: Variant) => Made,
  ): { variant: Variant; made: Made }[] {
    const kept: { variant: Variant; made: Made }[] = [];
    for (const variant of variants) {
      try {
        kept.push({ variant, made: make(variant) });
      } catch (error) {
        if (!this.mayLeaveOut || !(error instanceof InputError)) throw error;
        this.reasons.push({ variant, error });
      }
    }
    if (kept.length === 0) throw this.nothingLeft();
    return kept;
  }

  private nothingLeft(): InputError {
    const { error } = this.reasons[0]!;
    if (this.reasons.every((one) => one.error.message === error.message)) return error;
    const each = this.leftOut.map(({ variant, why }) => `${variant}: ${why}`);
    return new InputError(
      'compare.nothing-left',
      `none of the variants can take these settings. ${each.join('. ')}`,
      error.place,
    );
  }
}
