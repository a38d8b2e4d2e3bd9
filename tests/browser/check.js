// Drives HTML reports as their readers do: CHROMIUM=/usr/bin/chromium node check.js [--shots DIR] REPORT.html …
//
// Each is opened in light and dark, wide and narrow, with and without JavaScript. Fails on an axe violation, a script
// error, a request to anywhere, a breach of the content security policy, a page that scrolls sideways, invalid HTML, a
// link within the page that leads nowhere, and wherever search, filters, sort, keys, addresses or print do not do
// what they should.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const args = process.argv.slice(2);
const shots = args[0] === "--shots" ? args.splice(0, 2)[1] : undefined;
if (args.length === 0) {
  console.error("usage: node check.js [--shots DIR] REPORT.html …");
  process.exit(2);
}

let failed = 0;
function expect(holds, what) {
  if (!holds) {
    failed += 1;
    console.log(`  FAILED: ${what}`);
  }
}

const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });

async function open(file, options, hash = "") {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("pageerror", (error) => expect(false, `script error: ${error.message}`));
  page.on("console", (message) => expect(message.type() !== "error", `console: ${message.text()}`));
  page.on("request", (request) => expect(/^(file|data):/.test(request.url()), `request to ${request.url()}`));
  await page.goto(pathToFileURL(resolve(file)).href + hash);
  return page;
}

async function violations(file, options) {
  // axe has to be put into the page, so that alone is done without the page's policy.
  const page = await open(file, { ...options, bypassCSP: true });
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  await page.addScriptTag({ content: axe });
  const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  for (const violation of found.violations) {
    const at = violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
    expect(false, `axe ${violation.id} (${violation.nodes.length}): ${violation.help}\n    ${at.join("\n    ")}`);
  }
  await page.context().close();
}

// A picture of a page of many thousand lines takes Chromium minutes.
const fits = (page) => page.locator("details.f").count().then((findings) => findings < 100);

const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 390, height: 844 }, hasTouch: true };

for (const file of args) {
  const name = basename(file, ".html");
  console.log(name);
  const validator = new HtmlValidate({
    extends: ["html-validate:standard"],
    // What `maud` writes is fine HTML in another style.
    rules: { "void-style": "off", "no-trailing-whitespace": "off", "long-title": "off", "valid-id": "off", "no-inline-style": "error", "no-redundant-role": "off", "doctype-style": "off", "attribute-boolean-style": "off", "prefer-native-element": "off", "tel-non-breaking": "off" },
  });
  const valid = await validator.validateString(readFileSync(file, "utf8"));
  for (const message of valid.results.flatMap((result) => result.messages).slice(0, 10)) {
    expect(false, `html ${message.ruleId} at ${message.line}:${message.column}: ${message.message}`);
  }

  for (const colorScheme of ["light", "dark"]) {
    for (const [size, options] of [["wide", wide], ["narrow", narrow]]) {
      await violations(file, { ...options, colorScheme });
      const started = Date.now();
      const page = await open(file, { ...options, colorScheme });
      const loaded = Date.now() - started;
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(sideways <= 0, `${size}: the page is ${sideways} px too wide`);
      if (shots) {
        await page.screenshot({ path: `${shots}/${name}-${size}-${colorScheme}.png`, fullPage: await fits(page) });
      }
      console.log(`  ${size}, ${colorScheme}: loaded in ${loaded} ms`);
      await page.context().close();
    }
  }

  // Without JavaScript everything is there, and nothing that would need it.
  const bare = await open(file, { ...wide, javaScriptEnabled: false });
  expect(await bare.locator(".tools:visible").count() === 0, "tools are shown without JavaScript");
  expect(await bare.locator("details:not([open])").count() === 0, "something is folded without JavaScript");
  if (shots) {
    await bare.screenshot({ path: `${shots}/${name}-bare.png`, fullPage: await fits(bare) });
  }
  await bare.context().close();

  const page = await open(file, wide);
  const dead = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')]
    .map((link) => link.getAttribute("href").slice(1)).filter((id) => !document.getElementById(id)));
  expect(dead.length === 0, `links lead nowhere: ${dead.slice(0, 5).join(", ")}`);
  const ids = await page.evaluate(() => [...document.querySelectorAll("details.f")].map((details) => details.id));
  expect(new Set(ids).size === ids.length, "two findings share an id");

  if (ids.length > 0) {
    const shown = page.locator("details.f:visible");
    const rule = await page.locator("details.f summary em").first().textContent();
    const started = Date.now();
    await page.fill("#filter [name=q]", rule);
    const some = await shown.count();
    console.log(`  search: ${some} of ${ids.length} findings in ${Date.now() - started} ms`);
    expect(some > 0 && (await page.locator("#filter output").textContent()).startsWith(`${some} of ${ids.length} `), "the search does not count");
    expect(page.url().includes(`q=${rule}`), "the search is not in the address");
    await page.fill("#filter [name=q]", "no finding says this");
    expect(await shown.count() === 0, "a search for nothing finds something");
    expect(await page.locator(".group:visible").count() === 0, "an empty group is shown");
    await page.click("#filter [type=reset]");
    await page.waitForFunction((all) => document.querySelectorAll("details.f:not([hidden])").length === all, ids.length);

    const severity = await page.locator("details.f summary b").first().textContent();
    await page.selectOption("#filter [name=severity]", severity);
    const each = await page.locator("details.f:visible > summary > b").allTextContents();
    expect(each.length > 0 && each.every((text) => text === severity), "the filter by severity lets others through");
    await page.selectOption("#filter [name=severity]", "");
    await page.selectOption("#filter [name=order]", "rule");
    const rules = await page.locator("details.f:visible > summary > em").allTextContents();
    expect(rules.length === ids.length && rules.every((id, i) => i === 0 || rules[i - 1].localeCompare(id, "en") <= 0), "not in the order of rules");
    await page.selectOption("#filter [name=order]", "");
    const back = await page.evaluate(() => [...document.querySelectorAll(".group details.f")].map((details) => details.id));
    expect(back.join() === ids.join(), "the order by service does not come back");

    await page.locator("details.f > summary").first().focus();
    await page.keyboard.press("End");
    const last = await page.evaluate(() => document.activeElement.parentElement.id);
    expect(last === ids.at(-1), "End does not lead to the last finding");
    const before = await page.evaluate(() => document.activeElement.parentElement.open);
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement.parentElement.open) !== before, "Enter does not open or fold a finding");
  }

  const head = page.locator("table.services thead button").first();
  if (await head.count() > 0) {
    const names = () => page.locator("table.services tbody th").allTextContents();
    await head.focus();
    await page.keyboard.press("Enter");
    const up = await names();
    await page.keyboard.press("Enter");
    expect((await names()).join() === [...up].reverse().join(), "a table is not sorted the other way round");
    expect(await page.locator("table.services th[aria-sort=descending]").count() === 1, "aria-sort does not say so");
  }
  await page.context().close();

  // A finding by its fingerprint, whole or cut; a service by its id.
  for (const id of ids.filter((id) => ids.filter((other) => other.startsWith(id.slice(0, 8))).length === 1).slice(-1)) {
    for (const hash of [id, id.slice(0, 8), id + "0".repeat(52)]) {
      const there = await open(file, wide, `#${hash}`);
      expect(await there.evaluate((id) => document.getElementById(id).open, id), `#${hash} does not open its finding`);
      const at = await there.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, id);
      expect(at >= 0 && at < 900, `#${hash} does not lead to its finding`);
      await there.context().close();
    }
  }

  // Paper: nothing folded, nothing that scrolls, no table wider than the sheet.
  const paper = await open(file, { viewport: { width: 695, height: 1000 } });
  await paper.emulateMedia({ media: "print" });
  await paper.evaluate(() => dispatchEvent(new Event("beforeprint")));
  expect(await paper.locator("details:not([open])").count() === 0, "something is folded on paper");
  const cut = await paper.evaluate(() => [...document.querySelectorAll("table, pre, dl")]
    .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .map((part) => `${part.tagName.toLowerCase()}.${part.className}`));
  expect(cut.length === 0, `cut on paper: ${cut.join(", ")}`);
  await paper.evaluate(() => dispatchEvent(new Event("afterprint")));
  if (shots) {
    await paper.emulateMedia({ media: null });
    await paper.pdf({ path: `${shots}/${name}.pdf`, preferCSSPageSize: true, printBackground: true });
  }
  await paper.context().close();
}

await browser.close();
console.log(failed ? `${failed} failed` : "all hold");
process.exit(failed ? 1 : 0);
