interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension, as a page sees it; `Message` is what that page may post. */
export interface Host<Message> {
  post(message: Message): void;
  /**
   * Returns what `saveState` was given before the page was hidden or reloaded. It can be anything, as an
   * older version may have written it.
   */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/**
 * Connects the page with the extension and reports the page's errors to it, for its log. VS Code allows one
 * call only.
 */
export function connectHost<Message>(): Host<Message | { type: 'error'; message: string }> {
  const api = acquireVsCodeApi();
  const report = (message: string): void => api.postMessage({ type: 'error', message });
  window.addEventListener('error', ({ message }) => report(message));
  window.addEventListener('unhandledrejection', ({ reason }) => report(String(reason)));
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
