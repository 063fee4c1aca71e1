import type { ComparePageToHost } from '../../src/shared/messages/compare-protocol.js';
import { startPage } from '../ui/page/start-page.js';
import { ComparePage } from './compare-page.js';

startPage<ComparePageToHost>((host) => new ComparePage(host));
