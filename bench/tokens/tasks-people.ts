import type { Json, JsonObject } from '../../src/shared/json.ts';
import type { MultiToolTask } from './multi-tool-task.ts';
import { asked, done, effect, ranking, rankingSource, turn } from './solve.ts';
import { channels, customers, members } from './world.ts';

interface Payments { readonly data: readonly { readonly amount: number; readonly status: string; readonly customer: string }[] }
interface History { readonly messages: readonly { readonly user: string }[] }

const listCustomers = [['list_customers', { limit: 100 }]] as const;
const payments = customers.map(({ id }) => ['list_payment_intents', { customer: id, limit: 100 }] as const);
const histories = channels.map(({ id }) => ['slack_get_channel_history', { channel_id: id, limit: 25 }] as const);
const sales = channels.find(({ name }) => name === 'sales')!.id;

function largest(lists: readonly Json[]): JsonObject {
  const sums = (lists as unknown as readonly Payments[]).map(({ data }) => data.reduce((sum, { status, amount }) => sum + (status === 'succeeded' ? amount : 0), 0));
  const top = customers.map(({ name }, i) => ({ name, sum: sums[i] ?? 0 })).sort((a, b) => b.sum - a.sum || (a.name < b.name ? -1 : 1)).slice(0, 5);
  return { owner: 'acme', repo: 'billing', title: 'Largest customers', body: top.map(({ name, sum }) => `${name}: ${sum}`).join('\n') };
}
const largestCustomers: MultiToolTask = {
  name: 'largest customers', text: 'Find the five Stripe customers with the largest sum of succeeded payments and open an issue "Largest customers" in acme/billing whose body has one line "NAME: SUM" each, largest first, then by name.',
  direct: [() => turn(listCustomers), () => turn(payments), (results) => turn([['create_issue', largest(results.slice(1))]]), done],
  searches: ['list customers', 'list payments of a customer', 'create an issue on GitHub'],
  sample: `import { mcp } from "assassin";
export default async function () {
  const { data: [customer] } = JSON.parse(await mcp.stripe.list_customers({ limit: 1 }));
  return { customer, payment: JSON.parse(await mcp.stripe.list_payment_intents({ customer: customer.id })).data[0] };
}`,
  code: `import { mcp } from "assassin";
export default async function () {
  const { data } = JSON.parse(await mcp.stripe.list_customers({ limit: 100 }));
  const rows = await Promise.all(data.map(async ({ id, name }: any) => {
    const payments = JSON.parse(await mcp.stripe.list_payment_intents({ customer: id, limit: 100 })).data;
    return { name, sum: payments.reduce((sum: number, { status, amount }: any) => sum + (status === "succeeded" ? amount : 0), 0) };
  }));
  const top = rows.sort((a, b) => b.sum - a.sum || (a.name < b.name ? -1 : 1)).slice(0, 5);
  return mcp.github.create_issue({ owner: "acme", repo: "billing", title: "Largest customers", body: top.map(({ name, sum }) => name + ": " + sum).join("\\n") });
}`,
  effects: () => [effect('create_issue', largest(asked(payments)))],
};

function talkers(lists: readonly Json[]): JsonObject {
  const names = new Map(members.map(({ id, real_name: name }) => [id, name]));
  return { channel_id: sales, text: ranking((lists as unknown as readonly History[]).flatMap(({ messages }) => messages.map(({ user }) => names.get(user) ?? user)), 5) };
}
const talkative: MultiToolTask = {
  name: 'who writes most', text: `Find out who wrote most in the last 25 messages of each Slack channel, and post the five with the most messages, one line "REAL NAME: COUNT" each, most first, then by name, to the channel sales.`,
  direct: [() => turn([['slack_list_channels', { limit: 200 }], ['slack_get_users', { limit: 200 }]]), () => turn(histories), (results) => turn([['slack_post_message', talkers(results.slice(2))]]), done],
  searches: ['list Slack channels', 'messages of a Slack channel', 'Slack users', 'post a message to a Slack channel'],
  sample: `import { mcp } from "assassin";
export default async function () {
  const { channels: [channel] } = JSON.parse(await mcp.slack.slack_list_channels({ limit: 1 }));
  const { members: [member] } = JSON.parse(await mcp.slack.slack_get_users({ limit: 1 }));
  return { channel, member, message: JSON.parse(await mcp.slack.slack_get_channel_history({ channel_id: channel.id, limit: 1 })).messages[0] };
}`,
  code: `import { mcp } from "assassin";
${rankingSource}
export default async function () {
  const { channels } = JSON.parse(await mcp.slack.slack_list_channels({ limit: 200 }));
  const { members } = JSON.parse(await mcp.slack.slack_get_users({ limit: 200 }));
  const names = new Map<string, string>(members.map(({ id, real_name }: any) => [id, real_name]));
  const lists = await Promise.all(channels.map(async ({ id }: any) => JSON.parse(await mcp.slack.slack_get_channel_history({ channel_id: id, limit: 25 })).messages));
  const text = ranking(lists.flat().map(({ user }: any) => names.get(user) ?? user), 5);
  return mcp.slack.slack_post_message({ channel_id: channels.find(({ name }: any) => name === "sales").id, text });
}`,
  effects: () => [effect('slack_post_message', talkers(asked(histories)))],
};

const missing = (): readonly (readonly [string, JsonObject])[] => {
  const known = new Set(customers.map(({ email }) => email));
  return members.filter(({ profile }) => !known.has(profile.email)).map(({ real_name: name, profile: { email } }) => ['create_customer', { name, email }]);
};
const unknownUsers: MultiToolTask = {
  name: 'members who are no customers', text: 'Create a Stripe customer (real name and e-mail) for each Slack member whose e-mail is that of no customer yet.',
  direct: [() => turn([['slack_get_users', { limit: 200 }], ...listCustomers]), () => turn(missing()), done],
  searches: ['Slack users', 'list customers', 'create a customer'],
  sample: `import { mcp } from "assassin";
export default async function () {
  const { members: [member] } = JSON.parse(await mcp.slack.slack_get_users({ limit: 1 }));
  return { member, customer: JSON.parse(await mcp.stripe.list_customers({ limit: 1 })).data[0] };
}`,
  code: `import { mcp } from "assassin";
export default async function () {
  const { members } = JSON.parse(await mcp.slack.slack_get_users({ limit: 200 }));
  const known = new Set(JSON.parse(await mcp.stripe.list_customers({ limit: 100 })).data.map(({ email }: any) => email));
  const missing = members.filter(({ profile }: any) => !known.has(profile.email));
  await Promise.all(missing.map(({ real_name, profile }: any) => mcp.stripe.create_customer({ name: real_name, email: profile.email })));
  return missing.length;
}`,
  effects: () => missing().map(([tool, args]) => effect(tool, args)),
};

export const peopleTasks: readonly MultiToolTask[] = [largestCustomers, talkative, unknownUsers];
