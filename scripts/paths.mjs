import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root; everything below is absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const dist = join(root, 'dist');
/** Tests and packaging write here what they make. */
export const out = join(root, 'out');
export const modules = join(root, 'node_modules');
