import type { RunPageToHost } from '../../src/shared/messages/run-protocol.js';
import { startPage } from '../ui/page/start-page.js';
import { RunPage } from './run-page.js';

startPage<RunPageToHost>((host) => new RunPage(host));
