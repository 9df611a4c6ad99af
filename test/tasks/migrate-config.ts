import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, finishChecked } from '../helpers/tasks.ts';
import type { SeededTask } from './seeded-task.ts';

const app = '\ufeff; Application, port=8080 is what clients expect\r\n[server]\r\nport=8080\r\nhost=0.0.0.0\r\n\r\n; kept for old clients\r\n[database]\r\nurl=postgres://db/app\r\npool=5\r\n\r\n[cache]\r\npool=3\r\n';
const worker = '[database]\nurl=postgres://db/jobs\npool=2\n\n[server]\nhost=127.0.0.1\nport=9090\n';
const legacy = '[server]\r\n  port = 7070\r\n[database]\r\npool=10';

export const migrateConfig: SeededTask = {
  id: 'migrate-config',
  name: 'settings are migrated and keep their byte order mark, line ends and comments',
  files: { 'config/app.ini': app, 'config/worker.ini': worker, 'config/legacy.ini': legacy, 'config/README.md': 'port= and pool= are explained here.\r\n' },
  text: () => 'Migrate the .ini files of config to version 2: in [server], port is called listen; in [database], pool is called max_connections and has twice its value. Everything else stays as it is, white space, line ends and byte order marks included.',
  grants: () => ['fs.write config/**'],
  answers: () => [
    code(`import { workspace } from "assassin";
export default async function () {
  const files = (await workspace.list("config")).map(({ name }) => name).filter((name) => name.endsWith(".ini"));
  const done: Record<string, number> = {};
  for (const name of files) {
    const path = "config/" + name;
    const lines = (await workspace.readFile(path)).split("\\n");
    let section = "";
    let header = 0;
    const edits = [];
    lines.forEach((line, i) => {
      const found = /^\\s*\\[(.+)\\]/.exec(line);
      if (found) { section = found[1]!; header = i; }
      const [, space = "", key = "", equals = "", value = ""] = /^(\\s*)(\\w+)(\\s*=\\s*)(\\d+)/.exec(line) ?? [];
      const next = section === "server" && key === "port" ? space + "listen" + equals + value : section === "database" && key === "pool" ? space + "max_connections" + equals + Number(value) * 2 : undefined;
      if (next === undefined) return;
      // From the section's header on: the line alone also stands in another section and in a comment.
      const end = line.endsWith("\\r") ? "\\r" : "";
      const above = lines.slice(header, i).join("\\n");
      edits.push({ oldText: above + "\\n" + line, newText: above + "\\n" + next + end });
    });
    await workspace.edit(path, edits);
    done[name] = edits.length;
  }
  return done;
}`),
    code(`import { workspace } from "assassin";
export default async function () {
  const texts = await Promise.all(["app", "worker", "legacy"].map((name) => workspace.readFile("config/" + name + ".ini")));
  if (texts.some((text) => /^\\s*port/m.test(text)) || !texts[0]!.includes("max_connections=10\\r\\n")) throw new Error(JSON.stringify(texts));
  return texts;
}`),
    finishChecked('The three files are of version 2.'),
  ],
  changes: ['config/app.ini', 'config/legacy.ini', 'config/worker.ini'],
  check: ({ workspace }) => {
    const text = (name: string) => readFileSync(join(workspace, 'config', name), 'utf8');
    assert.equal(text('app.ini'), app.replace('[server]\r\nport', '[server]\r\nlisten').replace('pool=5', 'max_connections=10'));
    assert.equal(text('worker.ini'), worker.replace('port', 'listen').replace('pool=2', 'max_connections=4'));
    assert.equal(text('legacy.ini'), legacy.replace('port', 'listen').replace('pool=10', 'max_connections=20'));
  },
};
