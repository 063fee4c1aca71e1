import type { ComparePageToHost } from '../../src/shared/compare-protocol.js';
import { connectHost } from '../ui/host.js';
import '../ui/theme/page.css';
import { followTheme } from '../ui/theme/theme.js';
import { registerToolkit } from '../ui/toolkit.js';
import { ComparePage } from './compare-page.js';

const host = connectHost<ComparePageToHost>();
registerToolkit();
followTheme();
document.body.append(new ComparePage(host));
