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
   * What `saveState` was given before the page was hidden or reloaded; anything, as an older version may have
   * written it.
   */
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** May be called once only. What goes wrong on the page is told to the host, for its log. */
export function connectHost<Message>(): Host<Message | { type: 'error'; message: string }> {
  const api = acquireVsCodeApi();
  const tell = (message: string): void => api.postMessage({ type: 'error', message });
  window.addEventListener('error', ({ message }) => tell(message));
  window.addEventListener('unhandledrejection', ({ reason }) => tell(String(reason)));
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
