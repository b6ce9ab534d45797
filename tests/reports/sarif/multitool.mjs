// Microsoft's validator with its rules for SARIF and for GitHub. It exits with 0 whatever it finds: its output file counts.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const binary = join(dirname(require.resolve("@microsoft/sarif-multitool-linux/package.json")), "Sarif.Multitool");

export function byMultitool(file) {
  const folder = mkdtempSync(join(tmpdir(), "sarif-"));
  const output = join(folder, "findings.sarif");
  try {
    chmodSync(binary, 0o755); // its install script does no more than this, and npm need not run any
    const done = spawnSync(binary, command(file, output), {
      encoding: "utf8",
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" },
    });
    if (done.error) return [`multitool: ${done.error.message}`];
    if (done.status !== 0) return [`multitool: exit code ${done.status}: ${done.stdout}${done.stderr}`];
    return findings(JSON.parse(readFileSync(output, "utf8")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function command(file, output) {
  const rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--max-file-size-in-kb", "1000000"];
  return ["validate", file, ...rules, "-o", output, "--log", "ForceOverwrite"];
}

function findings({ runs }) {
  return runs.flatMap((run) => {
    const found = (run.results ?? [])
      .filter((result) => (result.level ?? "warning") !== "note")
      // SARIF2005 asks for a web address of the tool, which has none yet.
      .filter((result) => result.ruleId !== "SARIF2005")
      .map((result) => `multitool: ${result.ruleId} ${result.message.text ?? JSON.stringify(result.message.arguments)}`);
    const crashed = (run.invocations ?? []).filter((invocation) => invocation.executionSuccessful === false);
    return [...found, ...crashed.map(() => "multitool: could not finish")];
  });
}
