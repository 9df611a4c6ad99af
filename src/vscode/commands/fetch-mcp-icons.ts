import * as vscode from 'vscode';
import { startIcons } from '../../fetch-icons.ts';
import { AssassinError, fromErrorInfo } from '../../shared/errors.ts';
import { follow, requireTrust } from '../launch.ts';
import type { Services } from '../services.ts';
import { pickServer } from './mcp.ts';
import { serverNameOfTarget } from './targets.ts';

/** Fetches icons that lie at an address, once each host is allowed: only because a person asks for them. */
export async function fetchMcpIcons(services: Services, target?: unknown): Promise<void> {
  requireTrust();
  const { holder } = services;
  const server = serverNameOfTarget(target) ?? (await pickServer(services, vscode.l10n.t('Icons of which MCP server?'), ({ enabled }) => enabled));
  if (server === undefined) return;
  const tools = await holder.use(({ mcp }) => mcp.tools(server));
  if (!tools.some(({ iconUrl }) => iconUrl !== undefined)) throw new AssassinError('invalid-input', vscode.l10n.t('No tool of the MCP server {0} names an icon at an address.', server), { hint: vscode.l10n.t('Icons that come along with a tool are shown without being fetched.') });
  const handle = await holder.use((runtime) => startIcons(runtime, server, { askUngranted: true }));
  void follow(services, handle);
  const { error } = await handle.outcome;
  if (error !== undefined) throw fromErrorInfo(error);
}
