import type { JsonObject } from '../../src/shared/json.ts';
import type { MultiToolTask } from './multi-tool-task.ts';
import { asked, done, effect, ranking, rankingSource, turn } from './solve.ts';
import { channels, repositories } from './world.ts';

interface Issue { readonly number: number; readonly title: string; readonly assignee: { readonly login: string } | null; readonly comments: number; readonly updated_at: string }
interface Commit { readonly author: { readonly login: string } }

const channel = channels.find(({ name }) => name === 'general')!.id;
const listIssues = repositories.map((repo) => ['list_issues', { owner: 'acme', repo, state: 'open' }] as const);
const listCommits = repositories.map((repo) => ['list_commits', { owner: 'acme', repo }] as const);
const repos = JSON.stringify(repositories);
const sampleOf = (call: string): string => `import { mcp } from "assassin";\nexport default async () => JSON.parse(await ${call})[0];`;

const tableOf = (issues: readonly Issue[]): JsonObject => ({ channel_id: channel, text: `Open issues\n${ranking(issues.map(({ assignee }) => assignee?.login ?? 'nobody'), 20)}` });
const issuesByAssignee: MultiToolTask = {
  name: 'open issues by assignee', text: `Count the open issues of acme's repositories ${repositories.join(', ')} by assignee ("nobody" where there is none) and post "Open issues" and one line "NAME: COUNT" each, most first, then by name, to the Slack channel ${channel}.`,
  direct: [() => turn(listIssues), (results) => turn([['slack_post_message', tableOf(results.flat() as unknown as readonly Issue[])]]), done],
  searches: ['list issues of a GitHub repository', 'post a message to a Slack channel'],
  sample: sampleOf('mcp.github.list_issues({ owner: "acme", repo: "web", state: "open" })'),
  code: `import { mcp } from "assassin";
${rankingSource}
export default async function () {
  const lists = await Promise.all(${repos}.map(async (repo) => JSON.parse(await mcp.github.list_issues({ owner: "acme", repo, state: "open" }))));
  const names = lists.flat().map((issue: any) => issue.assignee?.login ?? "nobody");
  return mcp.slack.slack_post_message({ channel_id: "${channel}", text: "Open issues\\n" + ranking(names, 20) });
}`,
  effects: () => [effect('slack_post_message', tableOf(asked(listIssues).flat() as unknown as readonly Issue[]))],
};

const listWeb = [['list_issues', { owner: 'acme', repo: 'api', state: 'open' }]] as const;
const comments = (issues: readonly Issue[]): readonly (readonly [string, JsonObject])[] => issues.filter(({ comments: count, updated_at: at }) => count === 0 && at < '2026-03-01')
  .map(({ number, title }) => ['add_issue_comment', { owner: 'acme', repo: 'api', issue_number: number, body: `Is "${title}" still true?` }]);
const staleIssues: MultiToolTask = {
  name: 'a question to stale issues', text: 'Ask in each open issue of acme/api that has no comment and was last updated before 1 March 2026: Is "TITLE" still true?',
  direct: [() => turn(listWeb), (results) => turn(comments(results.flat() as unknown as readonly Issue[])), done],
  searches: ['list issues of a GitHub repository', 'comment on an issue'],
  sample: sampleOf('mcp.github.list_issues({ owner: "acme", repo: "api", state: "open" })'),
  code: `import { mcp } from "assassin";
export default async function () {
  const issues = JSON.parse(await mcp.github.list_issues({ owner: "acme", repo: "api", state: "open" }));
  const stale = issues.filter((issue: any) => issue.comments === 0 && issue.updated_at < "2026-03-01");
  await Promise.all(stale.map(({ number, title }: any) => mcp.github.add_issue_comment({ owner: "acme", repo: "api", issue_number: number, body: 'Is "' + title + '" still true?' })));
  return stale.length;
}`,
  effects: () => comments(asked(listWeb).flat() as unknown as readonly Issue[]).map(([tool, args]) => effect(tool, args)),
};

const authorsFile = (commits: readonly Commit[]): JsonObject => ({ owner: 'acme', repo: 'docs', path: 'AUTHORS.md', branch: 'main', message: 'Update authors', content: ranking(commits.map(({ author }) => author.login), 50) });
const commitAuthors: MultiToolTask = {
  name: 'authors of all repositories', text: `Count the commits of acme's repositories ${repositories.join(', ')} by author and write one line "LOGIN: COUNT" each, most first, then by name, to AUTHORS.md of acme/docs (branch main, message "Update authors").`,
  direct: [() => turn(listCommits), (results) => turn([['create_or_update_file', authorsFile(results.flat() as unknown as readonly Commit[])]]), done],
  searches: ['list commits of a GitHub repository', 'write a file to a GitHub repository'],
  sample: sampleOf('mcp.github.list_commits({ owner: "acme", repo: "web" })'),
  code: `import { mcp } from "assassin";
${rankingSource}
export default async function () {
  const lists = await Promise.all(${repos}.map(async (repo) => JSON.parse(await mcp.github.list_commits({ owner: "acme", repo }))));
  const content = ranking(lists.flat().map((commit: any) => commit.author.login), 50);
  return mcp.github.create_or_update_file({ owner: "acme", repo: "docs", path: "AUTHORS.md", branch: "main", message: "Update authors", content });
}`,
  effects: () => [effect('create_or_update_file', authorsFile(asked(listCommits).flat() as unknown as readonly Commit[]))],
};

export const githubTasks: readonly MultiToolTask[] = [issuesByAssignee, staleIssues, commitAuthors];
