// One change each to the sound SARIF file, and what the validators have to say about it.
const run = (log) => log.runs[0];
const rule = (log) => run(log).tool.driver.rules[0];
const result = (log) => run(log).results[0];
const artifact = (log) => result(log).locations[0].physicalLocation.artifactLocation;
const long = "Much. ".repeat(200);

export const BAD = [
  ["no runs", (log) => (log.runs = []), /1 to 20 runs/],
  ["21 runs", (log) => (log.runs = Array.from({ length: 21 }, (_, n) => withId(run(log), `c${n}/`))), /1 to 20 runs/],
  ["two runs of one category", (log) => log.runs.push(run(log)), /one run per tool and category/],
  ["categories that differ after the slash only", (log) => log.runs.push(withId(run(log), "trailproof/organization/2")), /one run per tool and category/],
  ["no array of results", (log) => delete run(log).results, /an array of results/],
  ["25,001 results", (log) => (run(log).results = Array.from({ length: 25_001 }, (_, n) => withHash(result(log), n))), /at most 25000 results/],
  ["a run that calls itself failed", (log) => (run(log).invocations[0].executionSuccessful = false), /executionSuccessful/],
  ["a severity that is a number", (log) => (rule(log).properties["security-severity"] = 9.5), /security-severity/],
  ["a severity that is a word", (log) => (rule(log).properties["security-severity"] = "High"), /security-severity/],
  ["no severity", (log) => delete rule(log).properties["security-severity"], /security-severity/],
  ["a severity of zero", (log) => (rule(log).properties["security-severity"] = "0.0"), /security-severity/],
  ["a severity over ten", (log) => (rule(log).properties["security-severity"] = "10.1"), /security-severity/],
  ["11 tags", (log) => (rule(log).properties.tags = Array.from({ length: 11 }, (_, n) => `tag-${n}`)), /at most 10 tags/],
  ["a long short description", (log) => (rule(log).shortDescription.text = long), /shortDescription of at most 1024/],
  ["a long full description", (log) => (rule(log).fullDescription.text = long), /fullDescription of at most 1024/],
  ["a long rule name", (log) => (rule(log).name = "N".repeat(256)), /name of at most 255/],
  ["a rule without help", (log) => delete rule(log).help, /a help text/],
  ["a rule twice", (log) => run(log).tool.driver.rules.push(rule(log)), /rule ids that differ/],
  ["a result of an unknown rule", (log) => (result(log).ruleId = "else"), /a ruleId among the rules/],
  ["a result of another rule's index", (log) => (result(log).ruleIndex = 3), /a ruleIndex of its rule/],
  ["an empty message", (log) => (result(log).message.text = ""), /message\.text/],
  ["a message with a terminal escape", (log) => (result(log).message.text = "A \u001b[31mred trail."), /control or direction/],
  ["a message that turns its direction", (log) => (result(log).message.text = "A \u202eliart."), /control or direction/],
  ["a result that passes", (log) => Object.assign(result(log), { kind: "pass", level: "none" }), /kind fail/],
  ["a suppressed result", (log) => (result(log).suppressions = [{ kind: "external" }]), /no suppressions/],
  ["no fingerprint", (log) => delete result(log).partialFingerprints, /primaryLocationLineHash/],
  ["a fingerprint twice", (log) => run(log).results.push(result(log)), /a fingerprint of its own/],
  ["no location", (log) => (result(log).locations = []), /1 to 100 locations/],
  ["a logical location only", (log) => (result(log).locations = [{ logicalLocations: [{ fullyQualifiedName: "arn:aws:x" }] }]), /a physicalLocation on each/],
  ["a related location that is not physical", (log) => (result(log).relatedLocations = [{ message: { text: "There." } }]), /a physicalLocation on each/],
  ["an ARN as uri", (log) => (artifact(log).uri = "arn:aws:cloudtrail:us-east-1:111111111111:trail/audit"), /a relative path/],
  ["an https uri", (log) => (artifact(log).uri = "https://example.com/x"), /a relative path/],
  ["an absolute uri", (log) => (artifact(log).uri = "/aws/x"), /a relative path/],
  ["a dotted uri", (log) => (artifact(log).uri = "./aws/x"), /a relative path/],
  ["an empty uri", (log) => (artifact(log).uri = ""), /a relative path/],
  ["a space in a uri", (log) => (artifact(log).uri = "aws/a trail"), /multitool: SARIF1002/],
  ["line zero", (log) => (result(log).locations[0].physicalLocation.region.startLine = 0), /schema: .*>= 1/],
  ["an unknown property", (log) => (result(log).colour = "red"), /upload action: .*colour/],
  ["a rule without descriptions", (log) => (delete rule(log).shortDescription, delete rule(log).fullDescription), /multitool: GH/],
];

function withId(run, id) {
  return { ...run, automationDetails: { id } };
}

function withHash(result, hash) {
  return { ...result, partialFingerprints: { primaryLocationLineHash: `${hash}:1` } };
}
