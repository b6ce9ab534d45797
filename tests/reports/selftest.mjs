// node selftest.mjs   the validators let sound reports through and stop each bad one for its own fault
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { BAD } from "./bad/sarif.mjs";
import { byHtmlValidate, byVnu, check as checkHtml } from "./html.mjs";
import { inBrowser } from "./html/browser.mjs";
import { check as checkSarif, checkLog } from "./sarif.mjs";
import { byMultitool } from "./sarif/multitool.mjs";

const here = (path) => join(import.meta.dirname, path);

test("a sound SARIF file is let through", () => assert.deepEqual(checkSarif(here("good/report.sarif")), []));

for (const [name, spoil, complaint] of BAD) {
  test(`SARIF with ${name} is stopped`, () => {
    const log = JSON.parse(readFileSync(here("good/report.sarif"), "utf8"));
    spoil(log);
    const problems = complaint.source.startsWith("multitool") ? byMultitoolAlone(log) : checkLog(log);
    assert.match(problems.join("\n"), complaint);
  });
}

function byMultitoolAlone(log) {
  const folder = mkdtempSync(join(tmpdir(), "sarif-"));
  const file = join(folder, "bad.sarif");
  writeFileSync(file, JSON.stringify(log));
  try {
    return byMultitool(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const BAD_PAGES = {
  "inline-script": [inBrowser, /console: .*Content Security Policy/],
  "inline-style": [byHtmlValidate, /html-validate: .*inline/],
  "remote-image": [inBrowser, /request: https:\/\/example\.com/],
  "no-policy": [inBrowser, /policy: /],
  "wide-line": [inBrowser, /^narrow: overflow: /m],
  "no-language": [inBrowser, /axe: html-has-lang/],
  "dark-contrast": [inBrowser, /^dark: axe: color-contrast/m],
  unclosed: [byVnu, /vnu: .*[Uu]nclosed/],
};

test("a sound page is let through", async () => assert.deepEqual(await checkHtml(here("good/report.html")), []));

for (const [name, [validator, complaint]] of Object.entries(BAD_PAGES)) {
  test(`the page ${name}.html is stopped`, async () => {
    assert.match((await validator(here(`bad/${name}.html`))).join("\n"), complaint);
  });
}

const BAD_MARKDOWN = {
  script: /<script>/,
  image: /<img>/,
  link: /a link to/,
  table: /3 cells in a table of 2/,
  escape: /U\+001B/,
  direction: /U\+202E/,
  handler: /attribute onclick/,
};
const markdown = (file) =>
  spawnSync(process.env.PYTHON ?? "python3", [here("markdown.py"), here(file)], { encoding: "utf8" });

test("a sound summary is let through", () => assert.equal(markdown("good/report.md").status, 0));

for (const [name, complaint] of Object.entries(BAD_MARKDOWN)) {
  test(`the summary ${name}.md is stopped`, () => {
    const done = markdown(`bad/${name}.md`);
    assert.equal(done.status, 1);
    assert.match(done.stdout, complaint);
  });
}
