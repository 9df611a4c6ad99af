import { guestTypes } from './guest-types.ts';

/** Parts of the guest API that are described on their own, with the declarations that each needs. */
const topics = {
  browser: ['Timeout', 'NavigateOptions', 'OpenOptions', 'ActionResult', 'ClickOptions', 'StoredFile', 'Shape', 'Extracted', 'Page', 'browser'],
  /** The rest of `Page`: all of it is more than a model is given of one result. */
  pages: ['Timeout', 'ActionResult', 'StoredFile', 'UploadFile', 'Page'],
  /** Of `browser` too, and rarely wanted together with the pages that a program goes through itself. */
  checks: ['Timeout', 'StoredFile', 'VerifyCheck', 'VerifyResult', 'VerifyOptions', 'VerifyServerOptions', 'browser'],
  workspace: ['FolderEntry', 'SearchOptions', 'SearchMatch', 'CodePlace', 'CodeSymbol', 'CodeProblem', 'workspace'],
  model: ['ModelOptions', 'model'],
  http: ['Timeout', 'HttpOptions', 'HttpRequest', 'HttpAnswer', 'http'],
  exec: ['Timeout', 'CommandResult', 'exec'],
  agents: ['AgentAnswer', 'AgentOptions', 'AgentOutcome', 'agents', 'topics'],
  memory: ['memory'],
  resources: ['Timeout', 'McpPart', 'resources', 'prompts', 'skills', 'tasks', 'PublishedServer', 'catalogue'],
  run: ['BigValue', 'bigValue', 'log', 'progress', 'ask', 'ToolError'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What few programs do with a page. */
const seldom: ReadonlySet<string> = new Set(['upload', 'download', 'pdf', 'har', 'logs', 'frames', 'dialogs', 'emulate', 'saveState', 'loadState', 'startTrace', 'stopTrace', 'popup']);

/** What else MCP servers have, beside resources and tools. */
const ofServers: ReadonlySet<string> = new Set(['prompts', 'skills', 'tasks', 'catalogue']);

export type GuestTopic = keyof typeof topics;
/** Those that a model is told of from the start; the others are named where they belong to, and found by the names of their tools. */
export const guestTopics = (Object.keys(topics) as readonly GuestTopic[]).filter((topic) => topic !== 'checks' && topic !== 'pages');

/** The topic in which a program finds a built-in tool: `page.click` is a method of what `browser` opens. */
export function topicOf(tool: string): GuestTopic | undefined {
  const [room = '', method = ''] = tool.split('.');
  if (tool.startsWith('browser.verify')) return 'checks';
  if (room === 'pages' || (room === 'page' && seldom.has(method))) return 'pages';
  return room === 'page' ? 'browser' : room === 'topics' ? 'agents' : ofServers.has(room) ? 'resources' : guestTopics.find((topic) => topic === room);
}

/** The declarations of one topic, as TypeScript. */
export function guestTopicTypes(topic: GuestTopic): string {
  const found = declarations();
  return topics[topic].map((name) => (name === 'Page' ? partOfPage(found.get(name) ?? '', topic) : (found.get(name) ?? ''))).join('\n').trim();
}

/** The class with the members that belong to the topic, and a word of the others. */
function partOfPage(declaration: string, topic: GuestTopic): string {
  const [head = '', ...members] = declaration.split(/\n(?= {2}(?:\/\*\*|\w|\[))(?<!\*\/\n)/);
  const isSeldom = (member: string) => seldom.has(/^ {2}(\w+)[<(]/m.exec(member)?.[1] ?? '');
  const kept = members.filter((member) => isSeldom(member) === (topic === 'pages'));
  const others = topic === 'pages' ? "What is done with most pages: describe_tools(['browser'])." : `Also ${[...seldom].join(', ')}: describe_tools(['pages']).`;
  return [head, ...kept].join('\n').replace(/\n?\}?$/, `\n  // ${others}\n}`);
}

/** The declarations inside `declare module`, each with its comment, by name. */
function declarations(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const body = guestTypes.slice(guestTypes.indexOf('{\n') + 2, guestTypes.indexOf('\n}\n'));
  const pattern = /(?:^ {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^ {2}(?:interface|type|class|const|function) (\w+)[\s\S]*?(?=\n {2}(?:\/\*\*|interface|type|class|const|function)|\n\n|$(?![\s\S]))/gm;
  for (const match of body.matchAll(pattern)) found.set(match[1]!, match[0].replace(/^ {2}/gm, ''));
  return found;
}
