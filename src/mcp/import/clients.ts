import { posix, win32 } from 'node:path';

/** Another program whose MCP servers can be taken over. Its files are read, and never written. */
export interface McpClient {
  readonly id: string;
  readonly title: string;
  /** Where its servers may stand, absolute. */
  readonly files: readonly ClientFile[];
  /** What an entry with an address and no type means to this program. */
  readonly plainUrl: 'http' | 'sse';
}

export interface ClientFile {
  readonly path: string;
  /** Keys that lead to the servers, an object by name or a list of entries that have a `name`. */
  readonly keys: readonly (readonly string[])[];
}

/** Injected, so that each platform's places can be tested on any. */
export interface ClientPlaces {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Absolute; files of the workspace are looked at only where it is given, and trusted. */
  readonly workspace?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const mcpServers = [['mcpServers']] as const;
/** Forks of VS Code keep what their extensions store under their own name. */
const editors = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'];

/**
 * The programs that are known, each with its own defaults, as their documentation and sources had them in the autumn of 2026. A place that is not there
 * on this machine costs nothing.
 */
export function mcpClients({ platform, home, workspace, env }: ClientPlaces): readonly McpClient[] {
  const { join } = platform === 'win32' ? win32 : posix;
  const appData = platform === 'win32' ? (env['APPDATA'] ?? join(home, 'AppData', 'Roaming')) : platform === 'darwin' ? join(home, 'Library', 'Application Support') : (env['XDG_CONFIG_HOME'] ?? join(home, '.config'));
  const plain = (...paths: readonly string[]): readonly ClientFile[] => paths.map((path) => ({ path, keys: mcpServers }));
  const inWorkspace = (...parts: readonly string[]) => (workspace === undefined ? [] : plain(join(workspace, ...parts)));
  const stored = (extension: string, ...parts: readonly string[]) => plain(
    ...editors.map((editor) => join(appData, editor, 'User', 'globalStorage', extension, ...parts)),
    join(home, '.vscode-server', 'data', 'User', 'globalStorage', extension, ...parts),
  );
  return [
    { id: 'claude-desktop', title: 'Claude Desktop', plainUrl: 'http', files: plain(join(appData, 'Claude', 'claude_desktop_config.json'), ...(platform === 'linux' ? [join(appData, 'claude', 'claude_desktop_config.json')] : [])) },
    { id: 'claude-code', title: 'Claude Code', plainUrl: 'http', files: [{ path: join(home, '.claude.json'), keys: [['mcpServers'], ...(workspace === undefined ? [] : [['projects', workspace, 'mcpServers']])] }] },
    { id: 'cursor', title: 'Cursor', plainUrl: 'http', files: [...plain(join(home, '.cursor', 'mcp.json')), ...inWorkspace('.cursor', 'mcp.json')] },
    { id: 'windsurf', title: 'Windsurf', plainUrl: 'http', files: plain(join(home, '.codeium', 'windsurf', 'mcp_config.json')) },
    {
      id: 'cline', title: 'Cline', plainUrl: 'sse',
      files: [
        ...(env['CLINE_MCP_SETTINGS_PATH'] ? plain(env['CLINE_MCP_SETTINGS_PATH']) : []), ...stored('saoudrizwan.claude-dev', 'settings', 'cline_mcp_settings.json'),
        ...plain(join(home, '.cline', 'data', 'settings', 'cline_mcp_settings.json')),
      ],
    },
    { id: 'roo', title: 'Roo Code', plainUrl: 'sse', files: [...stored('rooveterinaryinc.roo-cline', 'settings', 'mcp_settings.json'), ...inWorkspace('.roo', 'mcp.json')] },
    { id: 'kilo', title: 'Kilo Code', plainUrl: 'sse', files: [...stored('kilocode.kilo-code', 'settings', 'mcp_settings.json'), ...inWorkspace('.kilocode', 'mcp.json')] },
    {
      id: 'continue', title: 'Continue', plainUrl: 'sse',
      files: [...plain(join(home, '.continue', 'config.yaml')), { path: join(home, '.continue', 'config.json'), keys: [['experimental', 'modelContextProtocolServers'], ['mcpServers']] }],
    },
    { id: 'gemini', title: 'Gemini CLI', plainUrl: 'sse', files: [...plain(join(home, '.gemini', 'settings.json')), ...inWorkspace('.gemini', 'settings.json')] },
    { id: 'copilot', title: 'Copilot CLI', plainUrl: 'http', files: plain(join(home, '.copilot', 'mcp-config.json')) },
  ];
}
