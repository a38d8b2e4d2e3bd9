// Drives yaml-language-server as an editor does. usage: node editors.js FOLDER, a folder that `passmuster init` wrote.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const server = spawn("node", [createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server"), "--stdio"]);
let buffer = Buffer.alloc(0);
let next = 1;
const waiting = new Map(); // answers by id, diagnostics by address
const send = (message) => {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
};
const ask = (method, params) => {
  const id = next++;
  send({ id, method, params });
  return new Promise((done) => waiting.set(id, done));
};
server.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
    if (buffer.length < end + 4 + length) return;
    const message = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString());
    buffer = buffer.subarray(end + 4 + length);
    if (message.method === "workspace/configuration") {
      const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
      send({ id: message.id, result: message.params.items.map((item) => (item.section === "yaml" ? yaml : null)) });
    } else if (message.method === "textDocument/publishDiagnostics") {
      waiting.get(message.params.uri)?.(message.params.diagnostics);
    } else if (message.method !== undefined && message.id !== undefined) {
      send({ id: message.id, result: null });
    } else if (message.id !== undefined) {
      waiting.get(message.id)?.(message.result);
    }
  }
});
const late = setTimeout(() => {
  console.log("no answer within a minute");
  process.exit(1);
}, 60_000);

let failed = 0;
const expect = (holds, what) => {
  if (!holds) {
    failed += 1;
    console.log(`  FAILED ${what}`);
  }
};
await ask("initialize", { processId: null, rootUri: pathToFileURL(folder).href, capabilities: { workspace: { configuration: true } } });
send({ method: "initialized", params: {} });

let version = 0;
async function open(name, change = (text) => text) {
  version += 1;
  // Each under an address of its own: closing a file empties its diagnostics, at a time of the server's choosing.
  const uri = pathToFileURL(join(folder, `${version}-${name}`)).href;
  const text = change(readFileSync(join(folder, name), "utf8"));
  const diagnostics = new Promise((done) => waiting.set(uri, done));
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version, text } } });
  const found = await diagnostics;
  return { uri, text, found };
}
const line = (text, part) => text.split("\n").findIndex((one) => one.includes(part));

for (const name of ["passmuster.yaml", "standard.yaml", "inventory.yaml"]) {
  const file = await open(name);
  expect(file.found.length === 0, `${name}: ${JSON.stringify(file.found)}`);
}
for (const [name, from, to, said] of [
  ["inventory.yaml", "owner: {accountable", "ownr: {accountable", "ownr"],
  ["inventory.yaml", "disposition: protected", "disposition: protectd", "protected"],
  ["inventory.yaml", "rto: 4h", "rto: four hours", "pattern"],
  ["standard.yaml", "restore_test_max_age", "restore_test_max_agee", "restore_test_max_agee"],
  ["passmuster.yaml", "inputs:", "input:", "input"],
]) {
  const file = await open(name, (text) => text.replace(from, to));
  const at = line(file.text, to);
  const hit = file.found.some((d) => d.range.start.line === at && d.message.includes(said));
  expect(hit, `${to} in line ${at + 1} of ${name}: ${JSON.stringify(file.found.map((d) => [d.range.start.line + 1, d.message]))}`);
}
const file = await open("inventory.yaml");
const at = line(file.text, "recovery_priority");
const hover = await ask("textDocument/hover", { textDocument: { uri: file.uri }, position: { line: at, character: 6 } });
expect(JSON.stringify(hover ?? "").length > 40, `nothing is said of recovery_priority: ${JSON.stringify(hover)}`);
const items = await ask("textDocument/completion", { textDocument: { uri: file.uri }, position: { line: at, character: 4 } });
const labels = (items?.items ?? items ?? []).map((item) => item.label);
expect(labels.includes("claim") && labels.includes("recovery_capacity"), `completion offers ${labels}`);
clearTimeout(late);
server.kill();
console.log(failed === 0 ? "  yaml-language-server: right files are silent, wrong keys and words stand at their lines" : `${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
