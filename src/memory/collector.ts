import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collector = (options?: { readonly type: 'minor' }) => void;

const isCollector = (found: unknown): found is Collector => typeof found === 'function';

/** Returns V8's collector, which Node's option --expose-gc would make a global function. */
function findCollector(): Collector {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  return isCollector(found) ? found : () => undefined;
}

let known: Collector | null = null;

/** Collects all garbage; this takes some milliseconds. */
export function collectAll(): void {
  known ??= findCollector();
  known();
}

/** Collects young garbage only, which is cheap. */
export function collectYoung(): void {
  known ??= findCollector();
  known({ type: 'minor' });
}
