const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A file name made of any text: no separators, no characters that some system refuses, never empty. */
export function fileNameOf(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[<>:"/\\|?*]/g, '-')
    .replace(/\p{Cc}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100)
    .trim();
  if (plain === '') return 'chart';
  return reserved.test(plain) ? `${plain}-` : plain;
}
