//! `EventBridge`: the buses of the caller's account and region, their rules, and where these send events.

use crate::answer::{Answer, Failure};
use crate::dispatch::{Call, not_authorized};
use crate::world::{EventBus, EventRule};
use serde_json::{Value, json};

type Answered = Result<Answer, Failure>;

fn not_found(message: String) -> Failure {
    Failure::new(400, "ResourceNotFoundException", message)
}

fn is_here(call: &Call<'_>, account: &str, region: &str) -> bool {
    account == call.caller.account && region == call.region
}

/// The name of the bus that a request means, by name or ARN; the default bus when it names none.
fn bus_name<'a>(call: &'a Call<'_>, field: &str) -> Result<&'a str, Failure> {
    let wanted = call.text(field).unwrap_or("default");
    let parts: Vec<&str> = wanted.splitn(6, ':').collect();
    let name = match parts[..] {
        ["arn", _, "events", region, account, path] => {
            if account != call.caller.account {
                let action = call.operation.action;
                let reason = format!("because no resource-based policy allows the {action} action");
                let denied = not_authorized(&call.caller.arn, action, wanted, &reason);
                return Err(call.operation.service.denied(denied));
            }
            path.strip_prefix("event-bus/").filter(|_| region == call.region)
        }
        _ => Some(wanted),
    };
    let missing = || not_found(format!("Event bus {wanted} does not exist."));
    let name = name.ok_or_else(missing)?;
    let rules = call.world.event_rules.iter().map(|rule| (&rule.bus, &rule.account, &rule.region));
    let mut buses =
        call.world.event_buses.iter().map(|bus| (&bus.name, &bus.account, &bus.region)).chain(rules);
    let exists = name == "default"
        || buses.any(|(own, account, region)| own == name && is_here(call, &account.value, region));
    if exists { Ok(name) } else { Err(missing()) }
}

/// The rules of a bus, sorted by name.
fn rules<'a>(call: &'a Call<'_>, bus: &str) -> Vec<&'a EventRule> {
    let mut rules: Vec<&EventRule> = call
        .world
        .event_rules
        .iter()
        .filter(|rule| rule.bus == bus && is_here(call, &rule.account.value, &rule.region))
        .collect();
    rules.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    rules
}

pub(crate) fn describe_event_bus(call: &Call<'_>) -> Answered {
    let name = bus_name(call, "Name")?;
    let (partition, account) = (call.world.partition.name(), &call.caller.account);
    let arn = format!("arn:{partition}:events:{}:{account}:event-bus/{name}", call.region);
    let is_it = |bus: &&EventBus| bus.name == name && is_here(call, &bus.account.value, &bus.region);
    let policy = call.world.event_buses.iter().find(is_it).and_then(|bus| bus.policy.text(|| None));
    let mut answer = json!({"Name": name, "Arn": arn});
    if let Some(policy) = policy {
        answer["Policy"] = policy.into();
    }
    Ok(Answer::json(&answer))
}

pub(crate) fn list_rules(call: &Call<'_>) -> Answered {
    let mut rules = rules(call, bus_name(call, "EventBusName")?);
    let prefix = call.text("NamePrefix").unwrap_or_default();
    rules.retain(|rule| rule.name.value.starts_with(prefix));
    call.listed("Rules", &rules, |rule| {
        let mut value = json!({
            "Name": rule.name.value,
            "Arn": rule.arn(call.world.partition),
            "State": rule.state,
            "EventBusName": rule.bus,
        });
        let texts = [
            ("EventPattern", rule.pattern()),
            ("ScheduleExpression", rule.schedule.clone()),
            ("Description", rule.description.clone()),
            ("ManagedBy", rule.managed_by.clone()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                value[name] = text.into();
            }
        }
        value
    })
}

pub(crate) fn list_targets_by_rule(call: &Call<'_>) -> Answered {
    let wanted = call.required("Rule")?;
    let bus = bus_name(call, "EventBusName")?;
    let rules = rules(call, bus);
    let rule = rules.into_iter().find(|rule| rule.name.value == wanted);
    let missing = || not_found(format!("Rule {wanted} does not exist on EventBus {bus}."));
    call.listed("Targets", &rule.ok_or_else(missing)?.targets, |target| {
        let mut value: Value = json!({"Id": target.id, "Arn": target.arn.value});
        for (name, text) in [("RoleArn", &target.role), ("Input", &target.input)] {
            if let Some(text) = text {
                value[name] = text.as_str().into();
            }
        }
        if let Some(queue) = &target.dead_letter_queue {
            value["DeadLetterConfig"] = json!({"Arn": queue});
        }
        value
    })
}
