import type { ErrorInfo, SourceLocation } from '../shared/errors.ts';
import type { McpOAuthConfig } from './oauth/oauth-config.ts';

/** Where a server's configuration was read: shown to the person, and named in every error about it. */
export interface McpProvenance {
  /** Relative to the workspace for files inside it, else the name of the setting. */
  readonly file: string;
  /** Counts from 1; absent for settings, whose place the editor does not tell. */
  readonly line?: number;
}

/** A value that a person gives when the server is started, as `.vscode/mcp.json` declares it under `inputs`. */
export interface McpInput {
  readonly id: string;
  readonly type: 'promptString' | 'pickString' | 'command';
  readonly description?: string;
  /** The value is a secret: shown as dots, redacted everywhere. */
  readonly password: boolean;
  readonly default?: string;
  readonly options?: readonly string[];
}

/** What a sandbox of the operating system lets through; what is not named is closed. */
export interface McpSandbox {
  readonly filesystem?: { readonly allowWrite?: readonly string[] | undefined; readonly denyWrite?: readonly string[] | undefined; readonly denyRead?: readonly string[] | undefined } | undefined;
  readonly network?: { readonly allowedDomains?: readonly string[] | undefined; readonly deniedDomains?: readonly string[] | undefined } | undefined;
}

/** All texts still hold their `${...}` variables: they are filled in when the server starts, so that no secret lies in a configuration. */
export type McpTransportConfig =
  | {
      readonly type: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly cwd?: string;
      /** `null` takes a variable of the clean environment away. */
      readonly env: Readonly<Record<string, string | null>>;
      readonly envFile?: string;
      /** It is started in a sandbox, or not at all. */
      readonly sandbox?: McpSandbox;
    }
  | {
      /** `sse` is the HTTP transport of 2024, for servers that offer nothing newer. */
      readonly type: 'http' | 'sse';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** How it is signed in to; `false` for not at all. By what the server says where absent. */
      readonly oauth?: McpOAuthConfig | false;
    };

export interface McpServerConfig {
  /** What chains, grants and flags call it: `mcp.NAME.tool`, `mcp NAME:tool`. Unique. */
  readonly name: string;
  /** The name as it was written, where that could not be used in code. */
  readonly title: string;
  readonly transport: McpTransportConfig;
  readonly provenance: McpProvenance;
  readonly enabled: boolean;
  /** Longest time to be up and answering the handshake; the first start of an `npx` server downloads it. */
  readonly connectTimeoutMs: number;
  /** Longest silence during one call: neither an answer nor a sign of progress. */
  readonly timeoutMs: number;
  /** Longest time of one call until the first sign of progress or the answer; `timeoutMs` where absent. */
  readonly firstByteTimeoutMs?: number;
  /** Longest time of one call whatever it reports; ten minutes, or `timeoutMs` if that is longer, where absent. */
  readonly totalTimeoutMs?: number;
  /** `shared`: all runs use one instance, which is started by the first and stopped when none has used it for a while. Each run has its own where absent. */
  readonly lease?: 'shared';
  /** `false`: one that a person has started and that breaks is left alone. */
  readonly restart?: false;
  /** The server may be told the workspace folder. */
  readonly roots?: boolean;
  /** The least important of its log messages that is kept; `warning` where absent. */
  readonly logLevel?: 'debug' | 'info' | 'notice' | 'warning' | 'error' | 'critical' | 'alert' | 'emergency';
  /** The declared inputs that its texts refer to. */
  readonly inputs: readonly McpInput[];
}

export const defaultConnectTimeoutMs = 60_000;
export const defaultCallTimeoutMs = 60_000;
/** Whatever progress it reports, one call ends after this long, or after the configured silence if that is longer. */
export const totalCallTimeoutMs = 10 * 60_000;

/** Something wrong in a configuration file. An error costs the entry it is in, a warning costs nothing; neither hides the other entries. */
export interface ConfigProblem {
  readonly severity: 'error' | 'warning';
  /** The name of the entry as written, absent for the file as a whole. */
  readonly server?: string;
  readonly error: ErrorInfo;
}

export interface McpConfiguration {
  readonly servers: readonly McpServerConfig[];
  readonly problems: readonly ConfigProblem[];
}

/** Finds the place of a field, as a path of keys from the root, in the text that it was read from. */
export interface ConfigSource {
  readonly file: string;
  locate(path: readonly (string | number)[]): SourceLocation | undefined;
}

/** The whole command line or URL, with its variables unresolved: what a person decides on, and free of secrets that come from outside. */
export function commandLine({ transport }: Pick<McpServerConfig, 'transport'>): string {
  if (transport.type !== 'stdio') return transport.url;
  return [transport.command, ...transport.args].map((word) => (/^[\w@%+=:,./${}-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
