// The page as a person meets it: in each look, with its Content Security Policy in force.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const BROWSERS = [process.env.CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome"];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDE = { width: 1280, height: 900 };

const LOOKS = {
  light: { media: { colorScheme: "light" }, viewport: WIDE },
  dark: { media: { colorScheme: "dark" }, viewport: WIDE },
  "forced-colors": { media: { forcedColors: "active" }, viewport: WIDE },
  narrow: { media: { colorScheme: "light" }, viewport: { width: 320, height: 640 } },
  print: { media: { media: "print", colorScheme: "light" }, viewport: WIDE },
};

export async function inBrowser(file, screenshots) {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  if (!executablePath) return ["browser: no Chromium found; install chromium-headless-shell or set CHROMIUM"];
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const problems = [];
    for (const [name, look] of Object.entries(LOOKS)) problems.push(...(await inLook(browser, file, name, look, screenshots)));
    return problems;
  } finally {
    await browser.close();
  }
}

async function inLook(browser, file, name, { media, viewport }, screenshots) {
  const page = await browser.newPage({ viewport });
  const url = pathToFileURL(resolve(file)).href;
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("request", (request) => isOutside(request.url(), url) && problems.push(`request: ${request.url()}`));

  await page.emulateMedia(media);
  await page.goto(url, { waitUntil: "load" });
  problems.push(...(await withoutPolicy(page)), ...(await overflowing(page, viewport)));
  if (screenshots) await takePictures(page, name, screenshots);
  problems.push(...(await byAxe(page, name)));
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  problems.push(...(await byAxe(page, name)), ...(await overflowing(page, viewport)));
  await page.close();
  return [...new Set(problems)].map((problem) => `${name}: ${problem}`);
}

function isOutside(request, page) {
  return request.split("#")[0] !== page && !request.startsWith("data:");
}

async function withoutPolicy(page) {
  const policy = await page.evaluate(() => document.querySelector('meta[http-equiv="Content-Security-Policy" i]')?.content ?? "");
  const closed = /default-src 'none'/.test(policy) && !/unsafe-inline|unsafe-eval/.test(policy);
  return closed ? [] : ["policy: no Content Security Policy with default-src 'none' and without unsafe sources"];
}

async function overflowing(page, viewport) {
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  return width > viewport.width ? [`overflow: the page is ${width} wide in a window of ${viewport.width}`] : [];
}

async function byAxe(page, name) {
  await page.evaluate(axe);
  // What is not laid out yet has no place on the page, and axe takes the guessed place for the real one.
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.style.contentVisibility = "visible")));
  // Nothing can be pressed on paper.
  const rules = { "target-size": { enabled: name !== "print" } };
  const { violations } = await page.evaluate((options) => globalThis.axe.run(options), { runOnly: TAGS, rules });
  return violations.map(({ id, help, nodes }) => `axe: ${id}: ${help} (${nodes.length}×, first ${nodes[0].target})`);
}

async function takePictures(page, name, folder) {
  mkdirSync(folder, { recursive: true });
  // The page can be longer than what a browser paints in one piece, and nobody looks at a picture of 100 screens.
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width, height: 8 * height });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width, height });
  if (name === "print") await page.pdf({ path: join(folder, "print.pdf"), format: "A4", preferCSSPageSize: true });
}
