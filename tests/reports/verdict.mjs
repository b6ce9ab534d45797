// The command line that the validators share: files in, problems out, exit code 1 when there are any.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export async function main(module, check) {
  if (resolve(process.argv[1] ?? "") !== fileURLToPath(module)) return;
  const files = process.argv.slice(2);
  if (files.length === 0) throw new Error("name at least one file");
  for (const file of files) {
    const problems = await check(file);
    for (const problem of problems) console.error(`${file}: ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
    else console.log(`${file}: sound`);
  }
}
