import { stateChooser } from '../../ui/state-chooser.js';
import type { PageState } from '../page-state.js';

/** What a card asks the page to remember. */
export const chooseState = stateChooser<PageState>();
