import type { RunPageToHost } from '../../src/shared/protocol.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension, as the page sees it. */
export interface Host {
  post(message: RunPageToHost): void;
  /** What `saveState` was given before the page was hidden or reloaded; anything, as an older version may have written it. */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** May be called once only. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
