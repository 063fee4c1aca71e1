import type { PredictionsPageToHost } from '../../src/shared/messages/predictions-protocol.js';
import { startPage } from '../ui/page/start-page.js';
import { PredictionsPage } from './predictions-page.js';

startPage<PredictionsPageToHost>((host) => new PredictionsPage(host));
