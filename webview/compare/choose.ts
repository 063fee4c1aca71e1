import { stateChooser } from '../ui/state-chooser.js';
import type { ComparePageState } from './model/compare-page-state.js';

/** What a card asks the page to remember. */
export const choose = stateChooser<ComparePageState>();
