// What GitHub code scanning asks of an upload beyond the schema, and what keeps alerts stable there.
// The validators of others miss all of this; each line here is an upload that was refused or an alert that went wrong.
import { gzipSync } from "node:zlib";

const LIMITS = { gzip: 10_000_000, runs: 20, results: 25_000, rules: 25_000, locations: 100, tags: 10, text: 1024, name: 255 };
const LEVELS = ["error", "warning", "note"];
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

export function byContract(log) {
  const problems = [];
  const demand = (holds, where, what) => holds || problems.push(`contract: ${where}: ${what}`);

  const runs = log.runs ?? [];
  demand(log.$schema && log.version === "2.1.0", "log", "$schema and version 2.1.0");
  demand(runs.length >= 1 && runs.length <= LIMITS.runs, "log", `1 to ${LIMITS.runs} runs`);
  demand(gzipSync(JSON.stringify(log)).length <= LIMITS.gzip, "log", "at most 10 MB compressed");
  const categories = runs.map((run) => `${run.tool?.driver?.name} ${category(run)}`);
  demand(new Set(categories).size === categories.length, "log", "one run per tool and category");

  runs.forEach((run, index) => checkRun(run, `runs[${index}]`, demand));
  return problems;
}

// GitHub's category is what stands before the last slash.
function category(run) {
  const id = run.automationDetails?.id ?? "";
  return id.slice(0, Math.max(0, id.lastIndexOf("/")));
}

function checkRun(run, where, demand) {
  const rules = run.tool?.driver?.rules ?? [];
  demand(run.tool?.driver?.name, where, "a tool name");
  demand(Array.isArray(run.results), where, "an array of results");
  demand((run.results ?? []).length <= LIMITS.results, where, `at most ${LIMITS.results} results`);
  demand(rules.length <= LIMITS.rules, where, `at most ${LIMITS.rules} rules`);
  demand(new Set(rules.map((rule) => rule.id)).size === rules.length, where, "rule ids that differ");
  for (const invocation of run.invocations ?? []) {
    demand(invocation.executionSuccessful === true, where, "executionSuccessful true, also with findings");
  }
  rules.forEach((rule) => checkRule(rule, `${where} rule ${rule.id}`, demand));

  const hashes = new Set();
  (run.results ?? []).forEach((result, index) => {
    checkResult(result, `${where}.results[${index}]`, rules, demand);
    const hash = `${result.ruleId} ${result.partialFingerprints?.primaryLocationLineHash}`;
    demand(!hashes.has(hash), `${where}.results[${index}]`, "a fingerprint of its own within its rule");
    hashes.add(hash);
  });
}

function checkRule(rule, where, demand) {
  const severity = rule.properties?.["security-severity"];
  const isText = (text, limit) => typeof text === "string" && text !== "" && text.length <= limit;
  demand(isText(rule.id, LIMITS.name), where, "an id");
  demand(rule.name === undefined || isText(rule.name, LIMITS.name), where, `a name of at most ${LIMITS.name} characters`);
  demand(isText(rule.shortDescription?.text, LIMITS.text), where, `a shortDescription of at most ${LIMITS.text} characters`);
  demand(isText(rule.fullDescription?.text, LIMITS.text), where, `a fullDescription of at most ${LIMITS.text} characters`);
  demand(isText(rule.help?.text, Infinity), where, "a help text");
  demand((rule.properties?.tags ?? []).length <= LIMITS.tags, where, `at most ${LIMITS.tags} tags`);
  const inRange = Number(severity) > 0 && Number(severity) <= 10;
  // A recommendation is no security finding and has none.
  const isAdvice = severity === undefined && rule.properties?.["problem.severity"] === "recommendation";
  demand(isAdvice || (typeof severity === "string" && inRange), where, "security-severity, a string in (0, 10]");
}

function checkResult(result, where, rules, demand) {
  const text = result.message?.text;
  demand(rules.some((rule) => rule.id === result.ruleId), where, "a ruleId among the rules");
  demand(result.ruleIndex === undefined || rules[result.ruleIndex]?.id === result.ruleId, where, "a ruleIndex of its rule");
  demand(typeof text === "string" && text !== "", where, "message.text");
  demand(!INVISIBLE.test(text ?? ""), where, "a message without control or direction characters");
  demand(result.level === undefined || LEVELS.includes(result.level), where, `level ${LEVELS.join(", ")}`);
  demand(result.kind === undefined || result.kind === "fail", where, "kind fail: GitHub shows every other kind as an alert");
  demand(result.suppressions === undefined, where, "no suppressions: GitHub opens suppressed results");
  demand(/\S/.test(result.partialFingerprints?.primaryLocationLineHash ?? ""), where, "primaryLocationLineHash");
  const locations = result.locations ?? [];
  demand(locations.length >= 1 && locations.length <= LIMITS.locations, where, `1 to ${LIMITS.locations} locations`);
  for (const location of [...locations, ...(result.relatedLocations ?? [])]) checkLocation(location, where, demand);
}

function checkLocation(location, where, demand) {
  const uri = location.physicalLocation?.artifactLocation?.uri;
  demand(location.physicalLocation !== undefined, where, "a physicalLocation on each location");
  demand(typeof uri === "string" && isPlainPath(uri), where, `a relative path as uri, not ${JSON.stringify(uri)}`);
  demand((location.physicalLocation?.region?.startLine ?? 1) >= 1, where, "startLine from 1");
}

function isPlainPath(uri) {
  const segments = uri.split("/");
  const hasScheme = /^[a-z][a-z0-9+.-]*:/i.test(uri);
  return !hasScheme && !/[\s\\]/.test(uri) && segments.every((segment) => !["", ".", ".."].includes(segment));
}
