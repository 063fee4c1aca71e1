import { keptEpochText } from '../../shared/run/kept-epoch.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { t } from '../editor/localise.js';
import { escapeMarkdown, escapeMarkdownLines, markdownCode } from '../editor/markdown.js';
import { formatCount, formatDuration, formatMetric } from '../../shared/numbers.js';
import { trainingProgressText, timeLeftText, type RunState } from '../runs/run-progress-text.js';
import { statusLabel } from '../runs/run-status-text.js';

/** Returns the details of a run as Markdown, for its tooltip in the tree. */
export function runTooltip(run: RunState, name: string): string {
  const { manifest } = run;
  const left =
    run.status === 'running'
      ? [trainingProgressText(run), timeLeftText(run)].filter((text) => text !== null)
      : [];
  const star = manifest.starred ? ' ★' : '';
  const blocks = [
    `**${escapeMarkdown(name)}**${star} — ${[statusLabel(run.status), ...left].join(' · ')}`,
    manifest.error === null ? '' : `$(error) ${escapeMarkdown(manifest.error.message)}`,
    metricsTable(manifest),
    facts(manifest)
      .map(([name, value]) => `${name}: ${escapeMarkdown(value)}`)
      .join('  \n'),
    manifest.tags.length === 0 ? '' : manifest.tags.map(markdownCode).join(' '),
    manifest.notes === '' ? '' : `---\n\n${escapeMarkdownLines(manifest.notes)}`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function metricsTable(manifest: RunManifest): string {
  const { summary } = manifest;
  if (summary === null) return '';
  const rows = manifest.tasks.map((task) => {
    const metric = mainMetric(task.kind);
    const cells = [
      escapeMarkdown(task.name),
      metricLabel(metric),
      formatMetric(summary.validation[task.name]?.[metric]),
      formatMetric(summary.test?.[task.name]?.[metric]),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `| ${[t('task'), t('metric'), t('validation'), t('test')].join(' | ')} |`,
    '|:--|:--|--:|--:|',
    ...rows,
  ].join('\n');
}

function facts(manifest: RunManifest): [string, string][] {
  const { data, network, engine, times, git } = manifest;
  const list: [string, string | null][] = [
    [t('Name'), manifest.name],
    [t('Experiment'), manifest.experimentFile],
    [t('Variant'), network === null ? null : network.variant],
    [t('Best epoch'), keptEpochText(manifest)],
    [
      t('Rows'),
      data === null
        ? null
        : t(
            '{0} train, {1} validation, {2} test',
            formatCount(data.rows.train),
            formatCount(data.rows.validation),
            formatCount(data.rows.test),
          ),
    ],
    [t('Parameters'), manifest.parameters === null ? null : formatCount(manifest.parameters)],
    [t('Engine'), engine === null ? null : engineText(engine)],
    [t('Seed'), String(manifest.seed)],
    [t('Created'), times.created.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC')],
    [t('Training time'), times.seconds === 0 ? null : formatDuration(times.seconds)],
    [t('Git'), git === null ? null : gitText(git)],
    [t('Id'), manifest.id],
  ];
  return list.filter((fact): fact is [string, string] => fact[1] !== null);
}

function gitText({ commit, branch, dirty }: NonNullable<RunManifest['git']>): string {
  const where = branch === null ? '' : ` (${branch})`;
  return `${commit.slice(0, 10)}${where}${dirty === true ? ` ${t('with changes')}` : ''}`;
}

function engineText({ name, target, threads }: NonNullable<RunManifest['engine']>): string {
  return [name, target, threads === 1 ? t('1 thread') : t('{0} threads', threads)].join(', ');
}
