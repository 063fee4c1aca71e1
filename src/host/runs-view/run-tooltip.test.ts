import { describe, expect, it } from 'vitest';
import { runTooltip } from './run-tooltip.js';
import { exampleRun } from '../runs/example-run.fixture.js';

const tooltip = (run: ReturnType<typeof exampleRun>): string => runTooltip(run, run.manifest.name);

describe('a run’s tooltip', () => {
  it('says status, progress and metrics in a table', () => {
    const text = tooltip(exampleRun({ status: 'running', step: 1240, auc: [0.9421, 0.987] }));
    expect(text).toContain('**census mmoe** — training · epoch 13 of 20 · 62 % · 0:15 left');
    expect(text).toContain('| income | AUC | 0.9421 | – |');
  });

  it('shows names and notes as they were written, never as links, icons or HTML', () => {
    const text = tooltip(
      exampleRun({ name: '[x](command:evil) $(trash) <b>', notes: '![i](http://example.com/a.png)' }),
    );
    expect(text).toContain('\\[x\\]\\(command\\:evil\\) \\$ \\(trash\\) \\<b\\>');
    expect(text).not.toContain('![i](');
  });

  it('keeps a tag in one line of code, whatever is in it', () => {
    const { manifest, ...run } = exampleRun();
    const tags = ['a\n\n[x](command:evil)', '`$(trash)`', '``'];
    expect(tooltip({ ...run, manifest: { ...manifest, tags } })).toContain(
      '\n\n`a [x] (command:evil)` `$ (trash)` ` `',
    );
  });

  it('leaves out what is not known', () => {
    const text = tooltip(exampleRun({ status: 'queued' }));
    expect(text).not.toMatch(/Engine|Parameters|Rows|null|undefined/);
  });

  it('has a table that no task’s name can break', () => {
    const { manifest, ...run } = exampleRun({ auc: [0.9, 0.8] });
    const tasks = [{ name: 'a|b\nc', kind: 'binary' as const }];
    expect(tooltip({ ...run, manifest: { ...manifest, tasks } })).toContain('\n| a\\|b c | AUC |');
  });
});
