import { guestTypes } from './guest-types.ts';

/** Parts of the guest API that are described on their own, with the declarations that each needs. */
const topics = {
  browser: ['Timeout', 'NavigateOptions', 'OpenOptions', 'ActionResult', 'ClickOptions', 'StoredFile', 'UploadFile', 'Shape', 'Extracted', 'Page', 'browser'],
  /** Of `browser` too, and rarely wanted together with the pages that a program goes through itself. */
  checks: ['Timeout', 'StoredFile', 'VerifyCheck', 'VerifyResult', 'VerifyOptions', 'VerifyServerOptions', 'browser'],
  workspace: ['FolderEntry', 'SearchOptions', 'SearchMatch', 'CodePlace', 'CodeSymbol', 'CodeProblem', 'workspace'],
  model: ['ModelOptions', 'model'],
  http: ['Timeout', 'HttpOptions', 'HttpRequest', 'HttpAnswer', 'http'],
  exec: ['Timeout', 'CommandResult', 'exec'],
  agents: ['AgentAnswer', 'AgentOptions', 'AgentOutcome', 'agents', 'topics'],
  memory: ['memory'],
  resources: ['Timeout', 'McpPart', 'resources', 'prompts'],
  run: ['BigValue', 'bigValue', 'log', 'progress', 'ask', 'ToolError'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type GuestTopic = keyof typeof topics;
/** Those that a model is told of; checks are found by the names of their tools. */
export const guestTopics = (Object.keys(topics) as readonly GuestTopic[]).filter((topic) => topic !== 'checks');

/** The topic in which a program finds a built-in tool: `page.click` is a method of what `browser` opens. */
export function topicOf(tool: string): GuestTopic | undefined {
  const [room = ''] = tool.split('.');
  if (tool.startsWith('browser.verify')) return 'checks';
  return room === 'page' ? 'browser' : room === 'topics' ? 'agents' : room === 'prompts' ? 'resources' : guestTopics.find((topic) => topic === room);
}

/** The declarations of one topic, as TypeScript. */
export function guestTopicTypes(topic: GuestTopic): string {
  return topics[topic].map((name) => declarations().get(name) ?? '').join('\n').trim();
}

/** The declarations inside `declare module`, each with its comment, by name. */
function declarations(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const body = guestTypes.slice(guestTypes.indexOf('{\n') + 2, guestTypes.indexOf('\n}\n'));
  const pattern = /(?:^ {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^ {2}(?:interface|type|class|const|function) (\w+)[\s\S]*?(?=\n {2}(?:\/\*\*|interface|type|class|const|function)|\n\n|$(?![\s\S]))/gm;
  for (const match of body.matchAll(pattern)) found.set(match[1]!, match[0].replace(/^ {2}/gm, ''));
  return found;
}
