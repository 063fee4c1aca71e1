import { onRunPage, type CommandId } from './contributions.js';

/** The menus that commands stand in, and when they do. */

const experimentFile = 'resourceFilename =~ /\\.mmoe\\.json$/';
const studyFile = 'resourceFilename =~ /\\.study\\.json$/';
const tableFile = 'resourceFilename =~ /\\.(csv|tsv|parquet|jsonl|ndjson)(\\.gz)?$/i';
const inRuns = 'view == mmoe.runs';
const inStudies = 'view == mmoe.studies';
const inExperiments = 'view == mmoe.experiments';
/**
 * Items of the trees have the context value `run.<status or diverged>.<starred|plain>`, with `.missing` after
 * the status where its comparison has runs that are not trained, and `.archived` before the end; `group` or
 * `experiment`.
 */
const onRun = `${inRuns} && viewItem =~ /^run\\./`;
const onLiveRun = `${inRuns} && viewItem =~ /^run\\.(queued|running)\\./`;
const onUnfinishedRun = `${inRuns} && viewItem =~ /^run\\.(stopped|interrupted|failed)\\./`;
const onDivergedRun = `${inRuns} && viewItem =~ /^run\\.diverged\\./`;
const onUnfinishedComparison = `${inRuns} && viewItem =~ /^run\\.\\w+\\.missing\\./`;
/** `comparison.<live, missing or ended>.<archived or plain>` */
const onComparison = `${inRuns} && viewItem =~ /^comparison\\./`;
const onLiveComparison = `${inRuns} && viewItem =~ /^comparison\\.live\\./`;
const onMissingComparison = `${inRuns} && viewItem =~ /^comparison\\.missing\\./`;
const onGroup = `${inRuns} && viewItem =~ /^group/`;
/** `study.<status>.<file or paper>` */
const onStudy = `${inStudies} && viewItem =~ /^study\\./`;
const onLiveStudy = `${inStudies} && viewItem =~ /^study\\.running\\./`;
const onIdleStudy = `${inStudies} && viewItem =~ /^study\\.(stopped|interrupted|finished)\\./`;
const onUnfinishedStudy = `${inStudies} && viewItem =~ /^study\\.(stopped|interrupted)\\./`;

export interface MenuItem {
  readonly command: CommandId;
  readonly when: string;
  readonly group: string;
}

export const menus = {
  'editor/title': [
    { command: 'mmoe.train', when: experimentFile, group: 'navigation@1' },
    { command: 'mmoe.trainAllVariants', when: experimentFile, group: 'navigation@2' },
    { command: 'mmoe.trainStudy', when: studyFile, group: 'navigation@1' },
    { command: 'mmoe.openStudy', when: studyFile, group: 'navigation@2' },
    {
      command: 'mmoe.stop',
      when: `${onRunPage} && mmoe.activeRunStatus =~ /^(queued|running)$/`,
      group: 'navigation@1',
    },
    {
      command: 'mmoe.resume',
      when: `${onRunPage} && mmoe.activeRunStatus =~ /^(stopped|interrupted|failed)$/`,
      group: 'navigation@1',
    },
    {
      command: 'mmoe.runAgain',
      when: `${onRunPage} && mmoe.activeRunStatus == diverged`,
      group: 'navigation@1',
    },
    { command: 'mmoe.openLog', when: onRunPage, group: 'navigation@2' },
    { command: 'mmoe.openRunJson', when: onRunPage, group: 'navigation@3' },
    { command: 'mmoe.previousRun', when: onRunPage, group: 'navigation@4' },
    { command: 'mmoe.nextRun', when: onRunPage, group: 'navigation@5' },
    {
      command: 'mmoe.openRun',
      when: `resourceFilename == run.json && resourcePath =~ /\\.mmoe.runs/ && !activeCustomEditorId`,
      group: 'navigation@1',
    },
  ],
  'explorer/context': [
    { command: 'mmoe.train', when: experimentFile, group: '2_mmoe@1' },
    { command: 'mmoe.trainAllVariants', when: experimentFile, group: '2_mmoe@2' },
    { command: 'mmoe.trainStudy', when: studyFile, group: '2_mmoe@1' },
    { command: 'mmoe.openStudy', when: studyFile, group: '2_mmoe@2' },
    { command: 'mmoe.newExperiment', when: `explorerResourceIsFolder || ${tableFile}`, group: '2_mmoe@3' },
    { command: 'mmoe.predict', when: tableFile, group: '2_mmoe@4' },
  ],
  'view/title': [
    { command: 'mmoe.newExperiment', when: inExperiments, group: 'navigation@1' },
    { command: 'mmoe.train', when: inExperiments, group: 'navigation@2' },
    { command: 'mmoe.refresh', when: inExperiments, group: 'navigation@3' },
    { command: 'mmoe.createSample', when: inExperiments, group: '1_more@1' },
    { command: 'mmoe.openWalkthrough', when: inExperiments, group: '1_more@2' },
    { command: 'mmoe.installTensorflow', when: inExperiments, group: '1_more@3' },
    { command: 'mmoe.showOutput', when: inExperiments, group: '1_more@4' },
    { command: 'mmoe.showRunsTable', when: inRuns, group: 'navigation@0' },
    { command: 'mmoe.compareRuns', when: inRuns, group: 'navigation@1' },
    { command: 'mmoe.filterRuns', when: inRuns, group: 'navigation@1' },
    { command: 'mmoe.clearRunFilter', when: `${inRuns} && mmoe.runsFiltered`, group: 'navigation@2' },
    { command: 'mmoe.sortRuns', when: inRuns, group: 'navigation@3' },
    { command: 'mmoe.groupRuns', when: inRuns, group: 'navigation@4' },
    { command: 'mmoe.refresh', when: inRuns, group: 'navigation@5' },
    { command: 'mmoe.restoreDeleted', when: inRuns, group: '1_more@1' },
  ],
  'view/item/context': [
    { command: 'mmoe.train', when: `${inExperiments} && viewItem == experiment`, group: 'inline@1' },
    { command: 'mmoe.train', when: `${inExperiments} && viewItem == experiment`, group: '1_train@1' },
    {
      command: 'mmoe.trainAllVariants',
      when: `${inExperiments} && viewItem == experiment`,
      group: '1_train@2',
    },
    { command: 'mmoe.stopStudy', when: onLiveStudy, group: 'inline@1' },
    { command: 'mmoe.goOnStudy', when: onUnfinishedStudy, group: 'inline@1' },
    { command: 'mmoe.openStudy', when: onStudy, group: '1_open@1' },
    { command: 'mmoe.openStudyFile', when: `${onStudy} && viewItem =~ /\\.file$/`, group: '1_open@2' },
    { command: 'mmoe.stopStudy', when: onLiveStudy, group: '2_train@1' },
    { command: 'mmoe.goOnStudy', when: onIdleStudy, group: '2_train@2' },
    { command: 'mmoe.renameStudy', when: onStudy, group: '3_edit@1' },
    { command: 'mmoe.editStudyNotes', when: onStudy, group: '3_edit@2' },
    { command: 'mmoe.deleteStudy', when: onStudy, group: '3_edit@3' },
    { command: 'mmoe.openStudyFolder', when: onStudy, group: '4_more@1' },
    { command: 'mmoe.stop', when: onLiveRun, group: 'inline@1' },
    { command: 'mmoe.resume', when: onUnfinishedRun, group: 'inline@1' },
    { command: 'mmoe.runAgain', when: onDivergedRun, group: 'inline@1' },
    { command: 'mmoe.star', when: `${onRun} && viewItem =~ /\\.plain$/`, group: 'inline@2' },
    { command: 'mmoe.unstar', when: `${onRun} && viewItem =~ /\\.starred$/`, group: 'inline@2' },
    { command: 'mmoe.train', when: `${inRuns} && viewItem == group`, group: 'inline@1' },
    { command: 'mmoe.compareRuns', when: onGroup, group: 'inline@2' },
    { command: 'mmoe.compareRuns', when: onGroup, group: '1_open@1' },
    { command: 'mmoe.stopComparison', when: onLiveComparison, group: 'inline@1' },
    { command: 'mmoe.resumeComparison', when: onMissingComparison, group: 'inline@1' },
    { command: 'mmoe.openComparison', when: onComparison, group: '1_open@1' },
    { command: 'mmoe.stopComparison', when: onLiveComparison, group: '2_train@1' },
    { command: 'mmoe.resumeComparison', when: onMissingComparison, group: '2_train@2' },
    { command: 'mmoe.renameComparison', when: onComparison, group: '3_edit@1' },
    { command: 'mmoe.editComparisonNotes', when: onComparison, group: '3_edit@2' },
    { command: 'mmoe.tagComparison', when: onComparison, group: '3_edit@3' },
    {
      command: 'mmoe.archiveComparison',
      when: `${onComparison} && viewItem =~ /\\.plain$/`,
      group: '3_edit@4',
    },
    {
      command: 'mmoe.unarchiveComparison',
      when: `${onComparison} && viewItem =~ /\\.archived$/`,
      group: '3_edit@4',
    },
    { command: 'mmoe.deleteComparison', when: onComparison, group: '3_edit@5' },
    { command: 'mmoe.openRun', when: onRun, group: '1_open@1' },
    { command: 'mmoe.compareRuns', when: onRun, group: '1_open@4' },
    { command: 'mmoe.predict', when: onRun, group: '1_open@5' },
    { command: 'mmoe.tryRow', when: onRun, group: '1_open@6' },
    { command: 'mmoe.openExperiment', when: onRun, group: '1_open@2' },
    { command: 'mmoe.openLog', when: onRun, group: '1_open@3' },
    { command: 'mmoe.stop', when: onLiveRun, group: '2_train@1' },
    { command: 'mmoe.resume', when: onUnfinishedRun, group: '2_train@2' },
    { command: 'mmoe.resumeComparison', when: onUnfinishedComparison, group: '2_train@3' },
    { command: 'mmoe.runAgain', when: onRun, group: '2_train@4' },
    { command: 'mmoe.startFromRun', when: onRun, group: '2_train@5' },
    { command: 'mmoe.rename', when: onRun, group: '3_edit@1' },
    { command: 'mmoe.star', when: `${onRun} && viewItem =~ /\\.plain$/`, group: '3_edit@2' },
    { command: 'mmoe.unstar', when: `${onRun} && viewItem =~ /\\.starred$/`, group: '3_edit@2' },
    { command: 'mmoe.editNotes', when: onRun, group: '3_edit@3' },
    { command: 'mmoe.tagRuns', when: onRun, group: '3_edit@4' },
    { command: 'mmoe.archive', when: `${onRun} && !(viewItem =~ /\\.archived\\./)`, group: '3_edit@5' },
    { command: 'mmoe.unarchive', when: `${onRun} && viewItem =~ /\\.archived\\./`, group: '3_edit@5' },
    { command: 'mmoe.delete', when: inRuns + ' && viewItem =~ /^(run\\.|unreadable)/', group: '3_edit@6' },
    { command: 'mmoe.copyRunId', when: onRun, group: '4_more@1' },
    {
      command: 'mmoe.openRunJson',
      when: inRuns + ' && viewItem =~ /^(run\\.|unreadable)/',
      group: '4_more@2',
    },
    {
      command: 'mmoe.openRunFolder',
      when: inRuns + ' && viewItem =~ /^(run\\.|unreadable)/',
      group: '4_more@3',
    },
  ],
} as const satisfies Record<string, readonly MenuItem[]>;
