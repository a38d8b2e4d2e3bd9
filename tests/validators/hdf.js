// inspecjs, which Heimdall reads with, and its verdict on each control against the ledger: node hdf.js FILE…
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { contextualizeEvaluation, convertFile } from "inspecjs";

let wrong = 0;
function fail(file, what) {
  wrong += 1;
  console.log(`  FAILED ${basename(file)}: ${what}`);
}

// Heimdall's word for each of ours.
const words = { pass: "Passed", fail: "Failed", unknown: "Not Reviewed", excepted: "Not Applicable", error: "Profile Error" };

const files = process.argv.slice(2);
if (files.length === 0) {
  console.log("  FAILED: no documents");
  process.exit(1);
}
for (const file of files) {
  const text = readFileSync(file, "utf8");
  const read = convertFile(text, true)["1_0_ExecJson"];
  if (read === undefined) {
    fail(file, "it is no exec-json");
    continue;
  }
  const controls = contextualizeEvaluation(read).contains.flatMap((profile) => profile.contains);
  const run = JSON.parse(readFileSync(file.replace(/\.hdf$/, ".json"), "utf8"));
  const expected = Object.fromEntries(Object.values(words).map((word) => [word, 0]));
  for (const [verdict, count] of Object.entries(run.summary.verdicts)) {
    if (words[verdict] !== undefined) expected[words[verdict]] += count;
  }
  expected["Profile Error"] += run.diagnostics.filter((problem) => problem.severity === "error").length;
  const found = Object.fromEntries(Object.values(words).map((word) => [word, 0]));
  for (const control of controls) found[control.hdf.status] = (found[control.hdf.status] ?? 0) + 1;
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    fail(file, `Heimdall shows ${JSON.stringify(found)}, and the run found ${JSON.stringify(expected)}`);
  }
  const waived = controls.filter((control) => control.hdf.waived).length;
  if (waived !== run.summary.verdicts.excepted) fail(file, `${waived} waived, ${run.summary.verdicts.excepted} excepted`);
}
// A validator that takes everything proves nothing.
const broken = JSON.parse(readFileSync(files[0], "utf8"));
delete broken.profiles[0].controls[0].results[0].code_desc;
let taken = false;
try {
  taken = convertFile(JSON.stringify(broken), true)["1_0_ExecJson"] !== undefined;
} catch {
  // As it should be.
}
if (taken) fail(files[0], "a broken document is taken as well");
console.log(`  inspecjs: ${files.length} documents, ${wrong} wrong, a broken one refused`);
process.exit(wrong === 0 ? 0 : 1);
