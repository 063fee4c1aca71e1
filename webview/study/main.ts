import type { StudyPageToHost } from '../../src/shared/messages/study-protocol.js';
import { startPage } from '../ui/page/start-page.js';
import { StudyPage } from './study-page.js';

startPage<StudyPageToHost>((host) => new StudyPage(host));
