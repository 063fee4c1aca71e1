import type { TryRowPageToHost } from '../../src/shared/messages/try-row-protocol.js';
import { startPage } from '../ui/page/start-page.js';
import { TryRowPage } from './try-row-page.js';

startPage<TryRowPageToHost>((host) => new TryRowPage(host));
