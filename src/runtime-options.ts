import type { ModelDefaults } from './agent/task-options.ts';
import type { Isolation } from './browser/browser-factory.ts';
import type { BrowserPoolOptions } from './browser/browser-pool.ts';
import type { Screen } from './browser/screen.ts';
import type { McpHubOptions } from './mcp/mcp-hub.ts';
import type { RegistrySettings } from './mcp/catalog/registries.ts';
import type { McpServerConfig } from './mcp/mcp-config.ts';
import type { CredentialVault } from './mcp/oauth/credential-vault.ts';
import type { McpSignInsOptions } from './mcp/oauth/mcp-sign-ins.ts';
import type { SignInDoor } from './mcp/oauth/sign-in-door.ts';
import type { McpPerson } from './mcp/requests/person.ts';
import type { ModelSource } from './models/model-registry.ts';
import type { PriceOverride } from './models/prices.ts';
import type { ProviderConfig } from './models/provider.ts';
import type { Approver } from './policy/approver.ts';
import type { SharedLimits } from './run/shared-budget.ts';
import type { SandboxLimits } from './sandbox/sandbox.ts';
import type { BudgetLimits, DecisionEffect } from './shared/events.ts';
import type { TraceExportSettings } from './telemetry/otlp/export-settings.ts';
import type { EditorContext } from './workspace/context/editor-context.ts';

/** What a person has set; the doors (editor settings, CLI flags) translate into this. */
export interface RuntimeSettings {
  /** Browser executable; discovered where absent. */
  readonly browserPath?: string;
  /** A browser that gets past the egress proxy may be used all the same; `false` where absent. */
  readonly allowBrowserLeaks?: boolean;
  /** Where browsers are downloaded from, when a person wants one; Google's own place where absent. */
  readonly browserMirror?: string;
  /** When browsers wait for runs, and how many; never where absent. */
  readonly browserPool?: Partial<Pick<BrowserPoolOptions, 'keepReady' | 'ceiling'>>;
  /** What a run shares with others where it does not say; nothing where absent. */
  readonly browserIsolation?: Isolation;
  /** Standing rules: `{ effect: 'deny', grant: 'net https://*.internal', origin: 'settings.json' }`. */
  readonly rules: readonly { readonly effect: DecisionEffect; readonly grant: string; readonly origin: string }[];
  readonly budget?: BudgetLimits;
  /** Limits that all runs of a day, or of the workspace in a month, share. */
  readonly sharedBudget?: SharedLimits;
  readonly sandboxLimits?: Partial<SandboxLimits>;
  readonly sandboxEngine?: 'quickjs-wasi' | 'quickjs-emscripten';
  /** Servers by name, from settings and imported files, already merged by the door. */
  readonly mcpServers: readonly McpServerConfig[];
  /** Where published servers are looked up beside the official registry, by name. */
  readonly mcpRegistries?: RegistrySettings;
  /** Providers of models, beside what the doors register with `runtime.models`; Ollama on this machine is found by itself. */
  readonly modelProviders?: readonly ProviderConfig[];
  /** US dollars for a million tokens, by `provider/model`. */
  readonly modelPrices?: Readonly<Record<string, PriceOverride>>;
  /** What tasks do where they say nothing of it: how much the model thinks, and who is asked where it fails. */
  readonly modelDefaults?: ModelDefaults;
  /** `false`: does not look for Ollama. */
  readonly discoverModels?: boolean;
  /** Seconds after which a question to the person counts as answered with no. */
  readonly approvalTimeoutSeconds?: number;
  /** Where traces are sent; nowhere where absent. */
  readonly traceExport?: TraceExportSettings;
  readonly maxConcurrentRuns: number;
  readonly retention: { readonly maxRuns: number; readonly maxAgeDays: number };
}

export const defaultSettings: RuntimeSettings = {
  rules: [],
  mcpServers: [],
  maxConcurrentRuns: 4,
  retention: { maxRuns: 500, maxAgeDays: 90 },
};

export interface RuntimeOptions {
  /** Absolute path of the workspace folder. */
  readonly workspace: string;
  readonly dataDirectory: string;
  /** The folder of the built files: worker entry and WASM lie there. */
  readonly distDirectory: URL;
  readonly settings: RuntimeSettings;
  readonly version: string;
  /** Asks the person; `denyAll` where nobody can be asked. */
  readonly approver: Approver;
  /** Gives the values of `${input:id}` of MCP servers; where it is absent nobody can be asked. */
  readonly mcpInput?: McpHubOptions['input'];
  /** How sign-ins at remote MCP servers reach the person; by hand only, and by nobody, where it is absent. */
  readonly mcpSignIn?: SignInDoor;
  /** Where those sign-ins are kept; a file of the data directory where it is absent. */
  readonly mcpVault?: CredentialVault;
  /** A token that the person gives for a remote MCP server by its name, and where it was found. */
  readonly mcpToken?: McpSignInsOptions['token'];
  /** How MCP servers reach the person: forms, addresses, questions to a model. Nobody can be reached where it is absent. */
  readonly mcpPerson?: McpPerson;
  /** Gives the value of `${secret:NAME}`, which some tools take in their input. */
  readonly secret?: (name: string) => Promise<string | undefined>;
  /** Keeps a value for `${secret:NAME}`; absent where nothing can be kept. */
  readonly storeSecret?: (name: string, value: string) => Promise<void>;
  /** Models that the door speaks to itself, such as the editor's. */
  readonly modelSources?: readonly ModelSource[];
  /** What to do where no model is connected, in the words of a door that is not the editor. */
  readonly modelHint?: string;
  /** What only an editor knows: selection, problems, terminal, language services. */
  readonly editor?: EditorContext;
  /** Whether the person trusts the workspace; yes where the door knows no such thing. */
  readonly trusted?: () => boolean;
  /** Full paths at which a ripgrep may lie; the PATH is looked through after them. */
  readonly ripgrep?: readonly string[];
  /** Where the person sees the window of a browser; the screen of this computer where absent. */
  readonly screen?: Screen;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}
