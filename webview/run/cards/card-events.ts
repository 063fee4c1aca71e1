import { stateChooser } from '../../ui/state-chooser.js';
import type { RunPageState } from '../model/run-page-state.js';

/** What a card asks the page to remember. */
export const chooseState = stateChooser<RunPageState>();
