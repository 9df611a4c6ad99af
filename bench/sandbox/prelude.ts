const tools = 209;
const servers = 12;

/** As text of about 50 kB: what the tools of a dozen connected servers come to as functions of their own. */
const bindings = Array.from({ length: tools }, (_, i) => `  /** Tool ${i} of a server: does one thing with what it is given, and says how it went. */
  tool_${i}: (path, options) => call('mcp.server${i % servers}.tool_${i}', { path, ...options, verbose: options?.verbose ?? false, limit: options?.limit ?? 100 }),`).join('\n');

/** For sandboxes that have modules. */
export const preludeModule = `import { call } from 'assassin:host';\nexport { call };\nexport const tools = {\n${bindings}\n};\n`;

/** The same for those that have none; \`call\` is there already. */
export const preludeScript = `globalThis.call ??= () => null;\nglobalThis.tools = {\n${bindings}\n};\n`;
