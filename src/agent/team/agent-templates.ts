/** What a new agent begins with. */
export interface AgentTemplate {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
}

export const agentTemplates: readonly AgentTemplate[] = [
  {
    id: 'reviewer', title: 'Reviewer', description: 'Reads and judges, changes nothing, answers in a fixed form',
    text: `---
description: Reads a change and says what is wrong with it
tools: [workspace.readFile, workspace.list, workspace.exists]
output:
  type: object
  required: [ok, comments]
  properties:
    ok: { type: boolean }
    comments: { type: string }
budget: { tokens: 100000 }
---
You review changes. Look for mistakes, missing cases and missing tests, not for matters of taste.
Name file and line of each. Say ok only where you would put your own name under it.
`,
  },
  {
    id: 'editor', title: 'Editor', description: 'Edits a copy of the repository; its changes come back together',
    text: `---
description: Makes a change in the code and runs the tests
grants: ['fs.write src/**', 'fs.write test/**', 'exec npm test']
worktree: true
budget: { tokens: 300000 }
---
You make one change at a time, as small as it can be, and run the tests before you finish.
`,
  },
  {
    id: 'team', title: 'Team', description: 'Lets one agent work and another judge, until it is right',
    text: `---
description: Work that is judged before it is given back
pattern: reflect
agents: [editor, reviewer]
rounds: 3
---
`,
  },
];
