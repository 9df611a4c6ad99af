import type { CallToolResult, JSONRPCMessage, ReadResourceResult, Transport } from '@modelcontextprotocol/client';
import type { AppBridge } from '@modelcontextprotocol/ext-apps/app-bridge';
import type { JsonObject } from '../../shared/json.ts';
import { viewLimits } from '../../shared/protocol-views.ts';

const { messageCharacters: maxMessage, messagesPerSecond: maxMessagesPerSecond } = viewLimits;

/** What a view may have done, each behind the gate of whoever gives it. */
export interface AppPorts {
  /** Calls a tool of the server that the view came from. */
  readonly callTool: (tool: string, args: JsonObject) => Promise<CallToolResult>;
  /** Reads a resource of that server. */
  readonly readResource: (uri: string) => Promise<ReadResourceResult>;
  /** Shows the whole address to the person, and opens it when they agree. Gives whether they did. */
  readonly openLink: (url: string) => Promise<boolean>;
  readonly log: (message: string) => void;
  /** Sends a message into the frame. */
  readonly post: (message: JSONRPCMessage) => void;
  /** The view has been cut off. */
  readonly cutOff: (why: string) => void;
}

export interface AppHostOptions extends AppPorts {
  readonly version: string;
  readonly theme: 'light' | 'dark';
  readonly locale: string;
  /** The call that the view shows. */
  readonly input: JsonObject;
  readonly result: CallToolResult;
}

/**
 * The host side of one MCP App: what its frame says is answered by the spec's methods and by no others. A view may call tools and read resources of its own server, ask for an
 * address to be opened, and write into the log; it gets the call that it shows. It reaches neither the model nor the conversation, nor other servers.
 */
export class AppHost implements AsyncDisposable {
  readonly #options: AppHostOptions;
  readonly #transport: FrameTransport;
  #bridge: AppBridge | undefined;
  #second = 0;
  #messages = 0;
  #cut = false;

  private constructor(options: AppHostOptions) {
    this.#options = options;
    this.#transport = new FrameTransport(options.post);
  }

  static async open(options: AppHostOptions): Promise<AppHost> {
    const host = new AppHost(options);
    await host.#connect();
    return host;
  }

  /** Takes a message of the frame: a stranger's, of any shape. */
  receive(message: unknown): void {
    if (this.#cut) return;
    const now = Math.floor(performance.now() / 1000);
    this.#messages = now === this.#second ? this.#messages + 1 : 1;
    this.#second = now;
    if (this.#messages > maxMessagesPerSecond) return this.#cutOff(`it sent more than ${maxMessagesPerSecond} messages in a second`);
    if (typeof message !== 'object' || message === null || !('jsonrpc' in message) || message.jsonrpc !== '2.0') return;
    if (JSON.stringify(message).length > maxMessage) return this.#cutOff(`it sent a message of more than ${maxMessage} characters`);
    this.#transport.onmessage?.(message as JSONRPCMessage);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cut = true;
    await this.#bridge?.close();
  }

  async #connect(): Promise<void> {
    const { version, theme, locale, input, result, callTool, readResource, openLink, log } = this.#options;
    const { AppBridge: Bridge } = await import('@modelcontextprotocol/ext-apps/app-bridge');
    // No client is handed over: with one the library would pass everything on to the server, past the gate.
    const bridge = new Bridge(null, { name: 'infrastructure-assassin', version }, { openLinks: {}, serverTools: {}, serverResources: {}, logging: {}, sandbox: {} }, {
      hostContext: { theme, locale, displayMode: 'inline', availableDisplayModes: ['inline'], platform: 'desktop' },
    });
    this.#bridge = bridge;
    bridge.oncalltool = ({ name, arguments: args = {} }) => callTool(name, args as JsonObject).catch((error: unknown) => failed(error));
    bridge.onreadresource = ({ uri }) => readResource(uri);
    bridge.onopenlink = async ({ url }) => (isWebAddress(url) && (await openLink(url)) ? {} : { isError: true });
    bridge.onloggingmessage = ({ level, data }) => log(`${level}: ${(typeof data === 'string' ? data : JSON.stringify(data) ?? '').slice(0, 2000)}`);
    bridge.onrequestdisplaymode = () => Promise.resolve({ mode: 'inline' });
    bridge.oninitialized = () => {
      void bridge.sendToolInput({ arguments: { ...input } });
      void bridge.sendToolResult(result);
    };
    await bridge.connect(this.#transport);
  }

  #cutOff(why: string): void {
    this.#cut = true;
    this.#options.cutOff(why);
    void this.#bridge?.close();
  }
}

/** Addresses of the web only: everything else could start a program. */
function isWebAddress(url: string): boolean {
  return URL.parse(url)?.protocol === 'https:';
}

function failed(error: unknown): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: error instanceof Error ? error.message : String(error) }] };
}

class FrameTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  readonly #post: (message: JSONRPCMessage) => void;

  constructor(post: (message: JSONRPCMessage) => void) {
    this.#post = post;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.#post(message);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.onclose?.();
    return Promise.resolve();
  }
}
