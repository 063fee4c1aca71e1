import { trimmed } from '../../shared/trim.js';

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Makes a file name of any text. It is never empty, and has no separators and no characters that some system
 * refuses.
 */
export function fileNameOf(text: string): string {
  const named = text
    .normalize('NFC')
    .replace(/[<>:"/\\|?*]/g, '-')
    .replace(/\p{Cc}/gu, '')
    .replace(/\s+/g, ' ');
  const plain = trimmed(named, '. ').slice(0, 100).trim();
  if (plain === '') return 'chart';
  return reserved.test(plain) ? `${plain}-` : plain;
}
