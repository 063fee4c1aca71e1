import { readSetting } from '../../contributions/editor-names.js';
import type { ExtensionParts } from '../../parts.js';
import { openStudyPage } from '../../study-page/study-editor.js';
import type { HostStudy } from '../../studies/study-collection.js';

/** After so long nobody waits for the page any more. */
const patienceMilliseconds = 600_000;

/** Opens the page of a study when its trainer, which is being started, has begun. */
export function openWhenBegun({ studies }: ExtensionParts, isIt: (study: HostStudy) => boolean): void {
  if (!readSetting('mmoe.openRunOnTrain')) return;
  const asked = new Date().toISOString();
  const stop = (): void => {
    clearTimeout(timer);
    waiting.dispose();
  };
  const waiting = studies.onDidChange(() => {
    const begun = studies.studies.find((study) => isIt(study) && study.record.times.begun >= asked);
    if (begun === undefined) return;
    stop();
    void openStudyPage(begun, { preserveFocus: true });
  });
  const timer = setTimeout(stop, patienceMilliseconds);
  timer.unref();
}
