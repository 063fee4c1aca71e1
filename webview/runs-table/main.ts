import type { RunsTableToHost } from '../../src/shared/messages/runs-table-protocol.js';
import { startPage } from '../ui/page/start-page.js';
import { RunsTablePage } from './runs-table-page.js';

startPage<RunsTableToHost>((host) => new RunsTablePage(host));
