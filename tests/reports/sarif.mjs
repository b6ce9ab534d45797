// node sarif.mjs FILE...   every validator that a SARIF file has to pass
import { readFileSync } from "node:fs";
import { byContract } from "./sarif/contract.mjs";
import { byMultitool } from "./sarif/multitool.mjs";
import { bySchema, byUploadAction } from "./sarif/schema.mjs";
import { main } from "./verdict.mjs";

export function checkLog(log) {
  return [...bySchema(log), ...byUploadAction(log), ...byContract(log)];
}

export function check(file) {
  return [...checkLog(JSON.parse(readFileSync(file, "utf8"))), ...byMultitool(file)];
}

await main(import.meta.url, check);
