// The SARIF 2.1.0 schema, read by a strict validator and by the one that GitHub's upload action uses.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { Validator } from "jsonschema";

const require = createRequire(import.meta.url);
const schema = JSON.parse(readFileSync(require.resolve("@microsoft/sarif-multitool-linux/sarif-2.1.0.json"), "utf8"));

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
const validate = ajv.compile(schema);

export function bySchema(log) {
  return validate(log) ? [] : validate.errors.map((error) => `schema: ${error.instancePath || "/"} ${error.message}`);
}

// The upload action logs malformed URIs and goes on; every other error refuses the file.
export function byUploadAction(log) {
  const tolerated = (error) => error.name === "format" && ["uri", "uri-reference"].includes(error.argument);
  return new Validator()
    .validate(log, schema)
    .errors.filter((error) => !tolerated(error))
    .map((error) => `upload action: ${error.stack}`);
}
