import * as vscode from 'vscode';
import { commandId } from '../names.ts';
import { showError } from '../notify.ts';
import type { Services } from '../services.ts';

type Handler = (services: Services, target?: unknown) => unknown;

/** Each command is loaded when it is first used: none of them is part of what activation loads. */
const handlers: Readonly<Record<string, () => Promise<Handler>>> = {
  runChain: async () => (await import('./run-chain.ts')).runChain,
  runChainWithInput: async () => (await import('./run-chain.ts')).runChainWithInput,
  runDeterministic: async () => (await import('./run-deterministic.ts')).runDeterministic,
  newTask: async () => (await import('./runs.ts')).newTask,
  runTask: async () => (await import('./run-task.ts')).runTask,
  runAgent: async () => (await import('./run-agent.ts')).runAgent,
  newAgent: async () => (await import('./new-agent.ts')).newAgent,
  setModelKey: async () => (await import('./model-keys.ts')).setModelKey,
  forgetModelKey: async () => (await import('./model-keys.ts')).forgetModelKey,
  newChain: async () => (await import('./new-chain.ts')).newChain,
  runFunction: async () => (await import('./run-function.ts')).runFunction,
  runFunctionInNode: async () => (await import('./run-function.ts')).runFunctionInNode,
  serveFunction: async () => (await import('./serve-function.ts')).serveFunction,
  stopServing: async () => (await import('./serve-function.ts')).stopServing,
  copyServing: async () => (await import('./serve-function.ts')).copyServing,
  recordPages: async () => (await import('./record-pages.ts')).recordPages,
  freezePages: async () => (await import('./freeze-pages.ts')).freezePages,
  checkPage: async () => (await import('./check-page.ts')).checkPage,
  openPanel: async () => (await import('./runs.ts')).openPanel,
  openUsage: async () => (await import('./runs.ts')).openUsage,
  openInfrastructure: async () => (await import('./runs.ts')).openInfrastructure,
  stopRun: async () => (await import('./runs.ts')).stopRun,
  runAgain: async () => (await import('./run-again.ts')).runAgainCommand,
  repairChain: async () => (await import('./continue-task.ts')).repairChain,
  useWholeConversation: async () => (await import('./continue-task.ts')).useWholeConversation,
  resumeTask: async () => (await import('./continue-task.ts')).resumeTask,
  freezeTask: async () => (await import('./continue-task.ts')).freezeTask,
  reviewChanges: async () => (await import('./review.ts')).reviewChanges,
  keepChange: async () => (await import('./review.ts')).keepChange,
  putBackChange: async () => (await import('./review.ts')).putBackChange,
  keepFile: async () => (await import('./review.ts')).keepFile,
  putBackFile: async () => (await import('./review.ts')).putBackFile,
  keepRun: async () => (await import('./review.ts')).keepRun,
  putBackRun: async () => (await import('./review.ts')).putBackRun,
  fixProblem: async () => (await import('./editing.ts')).fixProblem,
  writeTest: async () => (await import('./editing.ts')).writeTest,
  explainCode: async () => (await import('./editing.ts')).explainCode,
  doComment: async () => (await import('./editing.ts')).doComment,
  writeCommitMessage: async () => (await import('./commit-message.ts')).writeCommitMessage,
  tagRun: async () => (await import('./tag-run.ts')).tagRunCommand,
  compareRuns: async () => (await import('./compare-runs.ts')).compareRunsCommand,
  deleteRun: async () => (await import('./runs.ts')).deleteRun,
  exportRun: async () => (await import('./export-run.ts')).exportRunCommand,
  exportSavings: async () => (await import('./export-savings.ts')).exportSavings,
  showMore: async () => (await import('./runs.ts')).showMore,
  addMcpServer: async () => (await import('./add-mcp-server.ts')).addMcpServer,
  findMcpServer: async () => (await import('./find-mcp-server.ts')).findMcpServer,
  addMcpBundle: async () => (await import('./add-mcp-bundle.ts')).addMcpBundle,
  importMcpServers: async () => (await import('./import-mcp-servers.ts')).importMcpServers,
  startMcpServer: async () => (await import('./mcp.ts')).startMcpServer,
  restartMcpServer: async () => (await import('./mcp.ts')).restartMcpServer,
  stopMcpServer: async () => (await import('./mcp.ts')).stopMcpServer,
  signInMcpServer: async () => (await import('./mcp-sign-in.ts')).signInMcpServer,
  signOutMcpServer: async () => (await import('./mcp-sign-in.ts')).signOutMcpServer,
  reviewMcpServer: async () => (await import('./review-mcp-server.ts')).reviewMcpServer,
  openMcpConfiguration: async () => (await import('./mcp.ts')).openMcpConfiguration,
  openMcpView: async () => (await import('./open-mcp-view.ts')).openMcpView,
  openMcpResource: async () => (await import('./open-mcp-resource.ts')).openMcpResource,
  fetchMcpIcons: async () => (await import('./fetch-mcp-icons.ts')).fetchMcpIcons,
  fetchMcpTask: async () => (await import('./fetch-mcp-task.ts')).fetchMcpTask,
  openMcpSkill: async () => (await import('./open-mcp-resource.ts')).openMcpSkill,
  usePrompt: async () => (await import('./use-prompt.ts')).usePrompt,
  storeSecret: async () => (await import('./secrets.ts')).storeSecret,
  forgetSecret: async () => (await import('./secrets.ts')).forgetSecret,
  moveTypedSecret: async () => (await import('./move-typed-secret.ts')).moveTypedSecret,
  forgetSecrets: async () => (await import('./mcp.ts')).forgetSecrets,
  regenerateTypes: async () => (await import('./types.ts')).regenerateTypes,
  openSettings: () => Promise.resolve(() => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:infrastructure-assassin.infrastructure-assassin')),
  testRule: async () => (await import('./test-rule.ts')).testRule,
  explainDecision: async () => (await import('./explain-decision.ts')).explainDecision,
  workspaceDecisions: async () => (await import('./workspace-decisions.ts')).workspaceDecisions,
  verifyAudit: async () => (await import('./verify-audit.ts')).verifyAuditCommand,
  downloadBrowser: async () => (await import('./browser-programs.ts')).downloadBrowser,
  removeBrowser: async () => (await import('./browser-programs.ts')).removeBrowser,
  checkBrowser: async () => (await import('./browser-programs.ts')).checkBrowser,
  doctor: async () => (await import('./doctor.ts')).doctor,
  showLog: () => Promise.resolve(({ log }: Services) => log.show(true)),
};

/** Registers all commands. What one of them throws is told in one notification, and ends there. */
export function registerCommands(services: Services): vscode.Disposable {
  return vscode.Disposable.from(...Object.entries(handlers).map(([name, load]) =>
    vscode.commands.registerCommand(commandId(name), async (target?: unknown) => {
      try {
        const handler = await load();
        return await handler(services, target);
      } catch (error) {
        const workspace = services.workspace();
        showError(error, { log: services.log, doing: name, ...(workspace === undefined ? {} : { workspace }) });
        return undefined;
      }
    })));
}
