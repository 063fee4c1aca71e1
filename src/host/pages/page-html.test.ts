import { describe, expect, it } from 'vitest';
import { pageHtml } from './page-html.js';

const html = pageHtml({
  nonce: 'abc123',
  cspSource: 'https://*.example',
  script: 'https://x/run.js?a=1&b="2"',
  style: 'https://x/run.css',
  language: 'en',
});
const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';

describe('the run page’s frame', () => {
  it('allows nothing but its own script and style', () => {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc123'");
    expect(policy).not.toMatch(/unsafe|\*;|http:|connect-src|frame-src/);
  });

  it('gives its nonce to every script', () => {
    const scripts = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => tag);
    expect(scripts).toHaveLength(1);
    for (const tag of scripts) expect(tag).toContain('nonce="abc123"');
  });

  it('escapes what stands in attributes', () => {
    expect(html).toContain('src="https://x/run.js?a=1&amp;b=&quot;2&quot;"');
  });
});
