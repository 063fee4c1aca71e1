import { followTheme } from '../ui/theme.js';
import { registerToolkit } from '../ui/toolkit.js';
import { connectHost } from './host.js';
import './run.css';
import { RunPage } from './run-page.js';

const host = connectHost();
window.addEventListener('error', ({ message }) => host.post({ type: 'error', message }));
window.addEventListener('unhandledrejection', ({ reason }) => host.post({ type: 'error', message: String(reason) }));
registerToolkit();
followTheme();
document.body.append(new RunPage(host));
