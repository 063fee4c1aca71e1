import { followTheme } from '../theme/theme.js';
import { connectHost, type Host } from './host.js';
import './page.css';
import { registerToolkit } from './toolkit.js';

/** Starts the page: the element that `create` returns fills the document. */
export function startPage<Message>(
  create: (host: Host<Message | { type: 'error'; message: string }>) => HTMLElement,
): void {
  const host = connectHost<Message>();
  registerToolkit();
  followTheme();
  document.body.append(create(host));
}
