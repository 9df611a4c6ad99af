declare module '*.css';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Injected by the editor before the page's script; can be called once. */
declare function acquireVsCodeApi(): EditorApi;
