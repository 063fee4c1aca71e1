import type { RunPageToHost } from '../../src/shared/run-protocol.js';
import { connectHost } from '../ui/host.js';
import '../ui/theme/page.css';
import { followTheme } from '../ui/theme/theme.js';
import { registerToolkit } from '../ui/toolkit.js';
import { RunPage } from './run-page.js';

const host = connectHost<RunPageToHost>();
registerToolkit();
followTheme();
document.body.append(new RunPage(host));
