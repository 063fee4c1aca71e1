import { variantMeaning, variants } from '../../../experiment/schema/variants.js';
import { stdout } from '../../terminal/terminal.js';

/** Prints every variant with what it is. */
export function variantsCommand(): void {
  const width = Math.max(...variants.map((variant) => variant.length));
  for (const variant of variants) stdout.line(`${variant.padEnd(width)}  ${variantMeaning(variant)}`);
}
