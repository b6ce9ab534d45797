// node html.mjs FILE...   validators of markup, then the page in a browser: axe, console, network, width, print
// Pictures of what the browser showed go to $SCREENSHOTS (a folder), when it is set.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";
import { inBrowser } from "./html/browser.mjs";
import { main } from "./verdict.mjs";

const require = createRequire(import.meta.url);

export async function check(file) {
  return [...(await byHtmlValidate(file)), ...byVnu(file), ...(await inBrowser(file, process.env.SCREENSHOTS))];
}

export async function byHtmlValidate(file) {
  const validator = new HtmlValidate({
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y", "html-validate:document"],
    rules: { "no-inline-style": "error" },
  });
  const { results } = await validator.validateFile(file);
  return results.flatMap(({ messages }) => messages.map((m) => `html-validate: ${m.line}:${m.column} ${m.ruleId} ${m.message}`));
}

// The W3C's checker. What it says of the Content Security Policy is left out: it does not recognise hashes with `+` or `/`. Chromium
// does, and a violation there is an error on the console, which fails the page below.
export function byVnu(file) {
  const jar = require.resolve("vnu-jar/build/dist/vnu.jar");
  const done = spawnSync("java", ["-jar", jar, "--format", "json", file], { encoding: "utf8", maxBuffer: 1 << 28 });
  if (done.error) return [`vnu: ${done.error.message}`];
  const { messages } = JSON.parse(done.stderr);
  const judged = messages.filter((m) => !m.message.includes("violates Content Security Policy"));
  return judged.map((m) => `vnu: ${m.lastLine ?? 0}:${m.firstColumn ?? 0} ${m.message}`);
}

await main(import.meta.url, check);
