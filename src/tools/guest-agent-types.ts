/** What module `assassin` declares of agents, topics and the memory. */
export const guestAgentTypes = `  interface AgentAnswer<T = any> {
    agent: string;
    /** Its run, with its own trace and bill. */
    run: string;
    answer: T;
    verification?: 'verified' | 'unverified';
    /** It was done before an interruption, and not again. */
    recorded: boolean;
    isolation?: 'worktree' | 'one at a time';
    /** What came back from its copy of the workspace. */
    changes?: { changed: string[]; conflicts: { path: string; why: string; places: { line: number; base: string; ours: string; theirs: string }[] }[]; refused: { path: string; why: string }[] };
  }
  interface AgentOptions {
    /** 'provider/model'. */
    model?: string;
    /** Less than its file names; never more than this run may. */
    grants?: readonly string[];
    /** Taken from what is left to this run. */
    budget?: { wallMs?: number; steps?: number; moneyUsd?: number; tokens?: number; browserSeconds?: number; egressBytes?: number };
  }
  type AgentOutcome = ({ ok: true } & AgentAnswer) | { ok: false; agent: string; error: { code: string; message: string } };
  /** Agents of .assassin/agents, each in a run of its own below this one; 'helper' is always there. Needs 'model' and a budget of tokens. */
  const agents: {
    list(): Promise<{ name: string; description: string }[]>;
    /** Throws with the code 'tool-failed' where it did not finish. Several may work at once: Promise.all. */
    run<T = any>(agent: string, task: string, options?: AgentOptions): Promise<AgentAnswer<T>>;
    /** In turn, each told what the one before it gave back. */
    chain(agents: readonly string[], task: string): Promise<AgentAnswer[]>;
    /** At once on the same task. One that fails does not stop the others. */
    parallel(agents: readonly string[], task: string): Promise<AgentOutcome[]>;
    /** A model chooses who gets the task. */
    route(agents: readonly string[], task: string): Promise<AgentAnswer>;
    /** One works, the other judges with { ok, comments }, until it is ok or was judged \`rounds\` times (2 where absent). */
    reflect(worker: string, judge: string, task: string, options?: { rounds?: number }): Promise<AgentAnswer & { ok: boolean; rounds: number; comments: string }>;
  };
  /** Messages between the agents of one task, checked against the schema of their topic and kept in order. */
  const topics: {
    define(topic: string, schema: object | boolean): Promise<null>;
    /** Also gives the message to the agents whose files name the topic, and waits for their answers. */
    publish(topic: string, message: Json | object): Promise<{ number: number; answers: AgentOutcome[] }>;
    /** Messages after that number, in order; waits up to \`waitMs\` where there is none yet. */
    read<T = any>(topic: string, options?: { after?: number; waitMs?: number }): Promise<{ number: number; run: string; message: T }[]>;
  };
  /** Notes in .assassin/memory, which outlive the run and which the person can read and edit. */
  const memory: {
    /** The person sees the text and is asked each time. */
    remember(text: string, options?: { topic?: string }): Promise<{ path: string; id: string }>;
    recall(query?: string): Promise<{ topic: string; id: string; at: string; run: string; text: string }[]>;
  };`;
