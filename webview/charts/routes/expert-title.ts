import { s } from '../../strings.js';
import type { ExpertColumn } from './expert-columns.js';

/** `expert 3`, or what it is called. */
export const expertTitle = ({ name, number }: ExpertColumn): string => name ?? s('expertNumber', number);
