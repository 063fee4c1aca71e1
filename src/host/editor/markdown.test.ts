import { describe, expect, it } from 'vitest';
import { escapeMarkdown, escapeMarkdownLines } from './markdown.js';

describe('text in Markdown', () => {
  it('has no pipe that could break a table, and no line break', () => {
    expect(escapeMarkdown('a|b')).toBe('a\\|b');
    expect(escapeMarkdown('a\nb\t c')).toBe('a b c');
  });

  it('is no link, image, icon, list, code or HTML', () => {
    expect(escapeMarkdown('[x](command:evil)')).toBe('\\[x\\]\\(command\\:evil\\)');
    expect(escapeMarkdown('![i](a.png) $(trash) <b> & `c`')).toBe(
      '\\!\\[i\\]\\(a\\.png\\) \\$ \\(trash\\) \\<b\\> \\& \\`c\\`',
    );
    expect(escapeMarkdown('1. https://example.com')).toBe('1\\. https\\:\\/\\/example\\.com');
  });

  it('shows what steers or turns it', () => {
    expect(escapeMarkdown('a\u202eb\u001b')).toBe('a�b�');
  });

  it('leaves letters of all languages and numbers as they are', () => {
    expect(escapeMarkdown('größe 😀 · 12 …')).toBe('größe 😀 · 12 …');
  });

  it('keeps its lines, where it has several, and no indentation that would make code of them', () => {
    expect(escapeMarkdownLines('one\n    two\n\n# three')).toBe('one  \ntwo  \n  \n\\# three');
  });
});
