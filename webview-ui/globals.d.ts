declare module '*.css';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Injected by the editor before the page's script; can be called once. */
declare function acquireVsCodeApi(): EditorApi;

/** Types of the platform that TypeScript does not know yet. `sink` says what takes the text. `null` refuses it. */
interface TrustedTypeRules {
  createHTML(text: string, type: string, sink: string): string | null;
  createScript(text: string, type: string, sink: string): string | null;
  createScriptURL(text: string): string | null;
}

/** Not in every browser. */
declare const trustedTypes: { createPolicy(name: string, rules: TrustedTypeRules): unknown } | undefined;
